using Goodhart.Evaluation.Divergence;
using Goodhart.Evaluation.Fits;
using Goodhart.Evaluation.Fits.Comparison;
using Goodhart.Evaluation.Fits.Pooling;
using Goodhart.Evaluation.Forecasts;
using Goodhart.Evaluation.Length;
using Goodhart.Evaluation.Metrics;
using Goodhart.Evaluation.Points;
using Goodhart.Evaluation.Statistics;

namespace Goodhart.Studies.Results;

/// <summary>Sections 3.2 to 3.5 of one study, beyond its fits and claims: parts of results.json.</summary>
/// <param name="Length">Section 3.3, by checkpoint; empty where no lengths were measured.</param>
/// <param name="Correlations">Section 3.4, by loss and statistic.</param>
/// <param name="ForwardKl">Section 3.5, by checkpoint: Eq. (7) beside the sampled forward KL.</param>
/// <param name="ForwardKlFits">Laws against √forward KL, groups named "dpo/M/forward-kl" and "dpo/M/forward-kl-sampled".</param>
/// <param name="BoundedFits">Laws without the far points (<see cref="KlBound"/>), groups named "dpo/M/bounded".</param>
/// <param name="Comparisons">Eq. (5) against the quadratics.</param>
/// <param name="PooledFits">Eq. (5) over sizes.</param>
/// <param name="Forecasts">Stopping at the peak.</param>
public sealed record StudyAnalyses(
    IReadOnlyList<LengthReading> Length,
    IReadOnlyList<MetricAnalysis> Correlations,
    IReadOnlyList<ForwardKlReading> ForwardKl,
    IReadOnlyList<ScalingLawFit> ForwardKlFits,
    IReadOnlyList<ScalingLawFit> BoundedFits,
    IReadOnlyList<LawComparison> Comparisons,
    IReadOnlyList<PooledFit> PooledFits,
    ForecastReport Forecasts)
{
    /// <param name="all">All checkpoints, the SFT models among them, on the same prompts in the same order. Those that nothing has judged,
    /// and
    /// those of classical RLHF, are left out.</param>
    /// <param name="draws">Resampled prompts, where they are shared with other reports.</param>
    public static StudyAnalyses Of(IReadOnlyList<EvaluatedCheckpoint> all, StudyAnalysesOptions options, PromptDraws? draws = null)
    {
        EvaluatedCheckpoint.RequireCommonPrompts(all);
        EvaluatedCheckpoint[] checkpoints = [.. EvaluatedCheckpoint.Judged(all).Where(c => !RlhfMethods.Contains(c.Point.Loss))];
        IReadOnlyList<CheckpointGroup> groups = CheckpointGroup.Split(checkpoints);
        FitOptions fits = new() { Seed = options.Claims.Seed, Level = options.Claims.Level, Replicates = options.Claims.Replicates };
        return new(
            LengthReading.OfStudy(checkpoints, options.Length),
            MetricAnalysis.OfStudy(checkpoints, options.Claims),
            ForwardKlReading.OfStudy(checkpoints),
            [
                .. FitReport.OfForwardKl(checkpoints, ForwardKlAxis.Eq7, fits).Fits,
                .. FitReport.OfForwardKl(checkpoints, ForwardKlAxis.Sampled, fits).Fits,
            ],
            FitReport.OfBoundedStudy(checkpoints, fits, draws).Fits,
            LawComparison.OfStudy(groups, options.Claims),
            Evaluation.Fits.Pooling.PooledFits.OfStudy(groups, fits, draws),
            ForecastReport.OfStudy(checkpoints, options.Forecasts));
    }
}

/// <summary>How a study is analysed.</summary>
public sealed record StudyAnalysesOptions
{
    public TestOptions Claims { get; init; } = new();

    public LengthOptions Length { get; init; } = new();

    public ForecastOptions Forecasts { get; init; } = new();
}
