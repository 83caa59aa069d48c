using Goodhart.Evaluation.Divergence;
using Goodhart.Models.Sampling;
using Goodhart.Models.Scoring;

namespace Goodhart.Studies.Tools;

/// <summary>Samples from each of two models and compares both on every response; a line for each.</summary>
/// <remarks>Items are the prompts twice over: first the policy's responses, then the reference's.</remarks>
public sealed class KlRun
{
    private readonly LoadedModel policy;
    private readonly LoadedModel reference;
    private readonly ResponseOptions options;

    /// <exception cref="InvalidDataException">The models' vocabularies differ.</exception>
    public KlRun(LoadedModel policy, LoadedModel reference, ResponseOptions options)
    {
        SharedVocabulary.Require(policy, reference);
        (this.policy, this.reference, this.options) = (policy, reference, options);
    }

    /// <exception cref="OperationCanceledException">Between batches; what is written stays.</exception>
    public KlReport Run(IReadOnlyList<PromptRow> prompts, IResultLines lines, IProgress<WorkDone> progress, CancellationToken cancel)
    {
        List<KlSample> samples = [.. lines.Earlier().Select(JsonLines.Read<KlSample>)];
        int done = lines.Done;
        foreach (KlDirection direction in Enum.GetValues<KlDirection>())
        {
            int earlier = Math.Min(prompts.Count, lines.Done - ((int)direction * prompts.Count));
            foreach ((int items, KlSample[] found) in Measure(direction, prompts.Skip(Math.Max(0, earlier)), cancel))
            {
                lines.Append(found.Select(JsonLines.Write));
                samples.AddRange(found);
                done += items;
                progress.Report(new WorkDone(done, 2 * prompts.Count));
            }
        }

        lines.Complete();
        return KlReport.Of(samples, options.Samples);
    }

    private IEnumerable<(int Items, KlSample[] Samples)> Measure(KlDirection direction, IEnumerable<PromptRow> prompts, CancellationToken cancel)
    {
        (LoadedModel from, LoadedModel to) = direction == KlDirection.PolicyToReference ? (policy, reference) : (reference, policy);
        using ResponseSampling sampling = new(from, options);
        using DivergenceScorer scorer = new(from.Model, to.Model);
        foreach (IReadOnlyList<PromptRow> batch in sampling.Batches(prompts))
        {
            cancel.ThrowIfCancellationRequested();
            Rollout[][] rollouts = sampling.Sample(batch);
            ResponseDivergence[][] divergences = scorer.Score(
                [.. batch.Zip(rollouts, (prompt, own) => new PromptTree(prompt.Ids, [.. own.Select(rollout => rollout.Tokens)]))], cancel);
            yield return (batch.Count, [.. rollouts.Zip(divergences, Samples).SelectMany(own => own)]);
        }

        IEnumerable<KlSample> Samples(Rollout[] own, ResponseDivergence[] found) => own.Zip(found, (rollout, divergence) => new KlSample(
            direction,
            rollout.Item,
            rollout.Sample,
            rollout.Tokens.Length,
            rollout.Finished ? FinishReason.Eos : FinishReason.Length,
            divergence.Kl,
            divergence.LogRatio));
    }
}
