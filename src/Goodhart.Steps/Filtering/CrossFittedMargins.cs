using Goodhart.Alignment.Training;
using Goodhart.Pipeline;
using Goodhart.Steps.Folders;
using Goodhart.Steps.Scoring;
using Goodhart.Steps.Training;
using Goodhart.Text.Data;

namespace Goodhart.Steps.Filtering;

/// <summary>
/// log(π/π_ref)(y_w) − log(π/π_ref)(y_l), nats, where π was aligned on the half of the pairs that the pair is not in.
/// </summary>
public sealed record CrossFittedMargins : PairMargins
{
    /// <summary>Both halves.</summary>
    public required IReadOnlyList<HalfOfPairs> Halves { get; init; }

    /// <summary>Of each half: the policy's scores of it, and that policy was trained on the other one.</summary>
    public required IReadOnlyList<ReferenceScores> Policy { get; init; }

    /// <summary>Of each half: the reference's.</summary>
    public required IReadOnlyList<ReferenceScores> Reference { get; init; }

    public override string Label => $"cross-fitted margins of {Halves[0].Source.Name}";

    public override IEnumerable<Step> Work =>
    [
        .. Policy, .. Reference,
        .. Policy.Select(scores => scores.Reference).OfType<StoredModel>().Select(model => (TrainingSegment)model.Step).SelectMany(Parts),
    ];

    protected override bool DependsOnNumerics => false;

    protected override Task<double[]> RunAsync(StepContext context, CancellationToken cancel)
    {
        double[] margins = new double[Policy.Sum(half => context.Get(half).Length)];
        for (int half = 0; half < Halves.Count; half++)
        {
            ReferencePair[] policy = context.Get(Policy[half]);
            ReferencePair[] reference = context.Get(Reference[half]);
            TokenizedPair[] pairs = Halves[half].Read(context);
            int[] places = Halves[half].Indices(margins.Length);
            for (int i = 0; i < places.Length; i++)
            {
                margins[places[i]] = PairScorer.LogProbs(pairs[i], policy[i], reference[i]).Margin;
            }
        }

        return Task.FromResult(margins);
    }
}
