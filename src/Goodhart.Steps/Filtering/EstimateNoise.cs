using Goodhart.Evaluation.Rewards;
using Goodhart.Pipeline;

namespace Goodhart.Steps.Filtering;

/// <summary>The share of labels that are turned round, as margins show it.</summary>
public sealed record EstimateNoise : Step<LabelNoise>
{
    public required PairMargins Margins { get; init; }

    public override string Label => $"noise of labels by {Margins.Label}";

    protected override bool DependsOnNumerics => false;

    protected override Task<LabelNoise> RunAsync(StepContext context, CancellationToken cancel) =>
        Task.FromResult(LabelNoise.Of(context.Get(Margins)));
}
