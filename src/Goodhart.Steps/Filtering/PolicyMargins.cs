using Goodhart.Alignment.Training;
using Goodhart.Pipeline;
using Goodhart.Steps.Rows;
using Goodhart.Steps.Scoring;
using Goodhart.Text.Data;

namespace Goodhart.Steps.Filtering;

/// <summary>log(π/π_ref)(y_w) − log(π/π_ref)(y_l), nats, of one policy on all pairs.</summary>
public sealed record PolicyMargins : PairMargins
{
    public required TokenizePairs Rows { get; init; }

    public required ReferenceScores Policy { get; init; }

    public required ReferenceScores Reference { get; init; }

    public override string Label => $"implicit rewards of {Rows.Source.Name}";

    public override IEnumerable<Step> Work => [Policy, Reference];

    protected override bool DependsOnNumerics => false;

    protected override Task<double[]> RunAsync(StepContext context, CancellationToken cancel)
    {
        TokenizedPair[] pairs = Rows.Read(context);
        ReferencePair[] policy = context.Get(Policy);
        ReferencePair[] reference = context.Get(Reference);
        return Task.FromResult(pairs.Select((pair, i) => PairScorer.LogProbs(pair, policy[i], reference[i]).Margin).ToArray());
    }
}
