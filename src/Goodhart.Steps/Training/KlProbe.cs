using Goodhart.Alignment.Remedies;
using Goodhart.Evaluation.Divergence;
using Goodhart.Models;
using Goodhart.Models.Sampling;
using Goodhart.Models.Scoring;
using Goodhart.Text.Data;

namespace Goodhart.Steps.Training;

/// <summary>How far a policy in training is from its reference, by a few samples of its own.</summary>
internal static class KlProbe
{
    /// <summary>Mean over samples of the exact KL per token, summed over a response; nats.</summary>
    /// <param name="batch">Whose first prompts are answered, as many as the rule says.</param>
    /// <param name="updates">Done so far: each look has noise of its own.</param>
    public static double Measure(
        LanguageModel policy, LanguageModel reference, TokenizedPair[] batch, KlBudget rule, int eosId, int updates, int rowBudget)
    {
        SamplingPrompt[] prompts = [.. batch.Take((int)rule.Prompts).Select(pair => new SamplingPrompt(pair.Id, pair.Prompt))];
        int room = Math.Min(policy.MaxPositions, reference.MaxPositions) - prompts.Max(prompt => prompt.Tokens.Length);
        using Sampler sampler = new(
            policy, new SamplingOptions(
                eosId, Math.Min((int)rule.MaxTokens, room), 0, FormattableString.Invariant($"kl target {updates}")));
        IReadOnlyList<Rollout> rollouts = sampler.Sample(prompts);
        using DivergenceScorer scorer = new(policy, reference, rowBudget);
        PromptTree[] trees = [.. prompts.Zip(rollouts, (prompt, rollout) => new PromptTree(prompt.Tokens, [rollout.Tokens]))];
        return scorer.Score(trees).Average(responses => responses[0].Kl);
    }
}
