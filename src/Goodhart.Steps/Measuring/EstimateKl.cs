using Goodhart.Engine;
using Goodhart.Evaluation.Divergence;
using Goodhart.Models.Sampling;
using Goodhart.Models.Scoring;
using Goodhart.Pipeline;
using Goodhart.Steps.Folders;
using Goodhart.Steps.Lines;
using Goodhart.Steps.Rows;

namespace Goodhart.Steps.Measuring;

/// <summary>Samples from each of two models and compares both on every response; a line for each.</summary>
/// <remarks>Items are the prompts twice over: first the policy's responses, then the reference's.</remarks>
public sealed record EstimateKl : PromptLines<KlReport>
{
    public required InputFolder Policy { get; init; }

    public required InputFolder Reference { get; init; }

    public override string Name => "kl";

    public override void Check()
    {
        LoadedModel.RequireFolder(Policy.Path);
        LoadedModel.RequireFolder(Reference.Path);
        base.Check();
    }

    public override KlReport Run(Func<IDevice> device, ILines lines, CancellationToken cancel)
    {
        using LoadedModel policy = Open(device, Policy);
        using LoadedModel reference = Open(device, Reference);
        SharedVocabulary.Require(policy, reference);
        IReadOnlyList<PromptRow> prompts = ReadPrompts(LoadedModel.Narrower(policy, reference));
        List<KlSample> samples = [.. lines.Earlier().Select(JsonLines.Read<KlSample>)];
        int done = lines.Count / Sampling.Samples;
        Report(done, 2 * prompts.Count);
        foreach (KlDirection direction in Enum.GetValues<KlDirection>())
        {
            PromptRow[] left = [.. prompts.Skip(done - ((int)direction * prompts.Count))];
            foreach ((int items, KlSample[] found) in Measure(direction, policy, reference, left, cancel))
            {
                lines.Append([.. found.Select(JsonLines.Write)]);
                samples.AddRange(found);
                Report(done += items, 2 * prompts.Count);
            }
        }

        return KlReport.Of(samples, Sampling.Samples);
    }

    private IEnumerable<(int Items, KlSample[] Samples)> Measure(
        KlDirection direction, LoadedModel policy, LoadedModel reference, IReadOnlyList<PromptRow> prompts, CancellationToken cancel)
    {
        (LoadedModel from, LoadedModel to) = direction == KlDirection.PolicyToReference ? (policy, reference) : (reference, policy);
        using ResponseSampler sampler = new(from, Sampling);
        using DivergenceScorer scorer = new(from.Model, to.Model);
        foreach ((PromptRow Prompt, Rollout[] Responses)[] batch in sampler.SampleBatches(prompts, cancel))
        {
            ResponseDivergence[][] divergences = scorer.Score(
                [.. batch.Select(own => new PromptTree(own.Prompt.Ids, [.. own.Responses.Select(rollout => rollout.Tokens)]))], cancel);
            yield return (batch.Length, [.. batch.Select(own => own.Responses).Zip(divergences, Samples).SelectMany(own => own)]);
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
