using Goodhart.Alignment.Training;
using Goodhart.Pipeline;
using Goodhart.Steps.Rows;
using Goodhart.Steps.Scoring;
using Goodhart.Text.Data;

namespace Goodhart.Steps.Filtering;

/// <summary>log π_ref(y_w)/|y_w| − log π_ref(y_l)/|y_l|, nats per token.</summary>
public sealed record ReferenceMargins : PairMargins
{
    public required TokenizePairs Rows { get; init; }

    /// <summary>The reference's log-probs of <see cref="Rows"/>.</summary>
    public required ReferenceScores Scores { get; init; }

    public override string Label => $"reference margins of {Rows.Source.Name}";

    public override IEnumerable<Step> Work => [Scores];

    protected override bool DependsOnNumerics => false;

    protected override Task<double[]> RunAsync(StepContext context, CancellationToken cancel)
    {
        TokenizedPair[] pairs = Rows.Read(context);
        ReferencePair[] scores = context.Get(Scores);
        return Task.FromResult(scores.Select((own, i) => PairScorer.LogProbs(pairs[i], own, own).ReferenceMeanMargin).ToArray());
    }
}
