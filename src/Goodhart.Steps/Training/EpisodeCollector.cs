using Goodhart.Alignment.PolicyGradient;
using Goodhart.Models;
using Goodhart.Models.Sampling;
using Goodhart.Models.Scoring;

namespace Goodhart.Steps.Training;

/// <summary>
/// Samples of the policy as it is now, with their rewards and the reference's log-probs: what a policy-gradient update learns from.
/// </summary>
/// <param name="reward">Taken over: disposed with this.</param>
internal sealed class EpisodeCollector(
    LanguageModel policy, LanguageModel reference, ISampleReward reward, int rowBudget = ResponseScorer.DefaultRowBudget) : IDisposable
{
    private readonly ResponseScorer referenceScorer = new(reference, rowBudget);

    /// <returns>Episodes of a prompt side by side.</returns>
    public Collected Collect(IReadOnlyList<SamplingPrompt> prompts, SamplingOptions options, CancellationToken cancel)
    {
        int perPrompt = options.SamplesPerPrompt;
        using Sampler sampler = new(policy, options);
        IReadOnlyList<Rollout> rollouts = sampler.Sample(prompts, cancel);
        PromptTree[] trees =
        [
            .. prompts.Select(
                (prompt, i) => new PromptTree(
                    prompt.Tokens, [.. rollouts.Skip(i * perPrompt).Take(perPrompt).Select(rollout => rollout.Tokens)])),
        ];
        double[] scores = [.. reward.Rewards(trees, cancel).SelectMany(tree => tree)];
        float[][] logProbs = [.. referenceScorer.TokenLogProbs(trees, cancel).SelectMany(tree => tree)];
        return new Collected(
            [
                .. rollouts.Select((rollout, i) => new Episode(
                    rollout.Item, prompts[i / perPrompt].Tokens, rollout.Tokens, rollout.Finished, scores[i], logProbs[i])),
            ],
            trees);
    }

    public void Dispose()
    {
        referenceScorer.Dispose();
        reward.Dispose();
    }
}

/// <summary>One collection.</summary>
/// <param name="Trees">The same responses under their prompts, for whatever else is to read them.</param>
internal sealed record Collected(Episode[] Episodes, PromptTree[] Trees)
{
    public int Tokens => Episodes.Sum(episode => episode.Prompt.Length + episode.Tokens.Length);
}
