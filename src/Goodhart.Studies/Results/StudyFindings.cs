using Goodhart.Evaluation.Claims;
using Goodhart.Evaluation.Comparisons;
using Goodhart.Evaluation.Divergence;
using Goodhart.Evaluation.Fits;
using Goodhart.Evaluation.Fits.Comparison;
using Goodhart.Evaluation.Fits.Pooling;
using Goodhart.Evaluation.Forecasts;
using Goodhart.Evaluation.Length;
using Goodhart.Evaluation.Metrics;
using Goodhart.Evaluation.Points;
using Goodhart.Evaluation.Remedies;
using Goodhart.Steps.Measuring;

namespace Goodhart.Studies.Results;

/// <summary>What follows from a study's evaluations alone: most of <see cref="StudyResults"/>.</summary>
public record StudyFindings
{
    public required IReadOnlyList<CheckpointPoint> Points { get; init; }

    public required IReadOnlyList<ScalingLawFit> Fits { get; init; }

    public required IReadOnlyList<Claim> Claims { get; init; }

    /// <summary>Losses compared in bins of √KL.</summary>
    public IReadOnlyList<EqualKlCell> EqualKl { get; init; } = [];

    /// <summary>Win rates controlled for length, one per checkpoint.</summary>
    public IReadOnlyList<LengthReading> Length { get; init; } = [];

    /// <summary>Training statistics against the win rate, within and across sizes.</summary>
    public IReadOnlyList<MetricAnalysis> Correlations { get; init; } = [];

    /// <summary>Eq. (7) beside the sampled forward KL, one per checkpoint.</summary>
    public IReadOnlyList<ForwardKlReading> ForwardKl { get; init; } = [];

    /// <summary>Fits against the root of a forward KL: groups end in its name.</summary>
    public IReadOnlyList<ScalingLawFit> ForwardKlFits { get; init; } = [];

    /// <summary>
    /// Fits of the gold reward, where there is one: groups end in "/gold", and what other fits call win rate is reward here.
    /// </summary>
    public IReadOnlyList<ScalingLawFit> GoldFits { get; init; } = [];

    /// <summary>Fits without far points: groups end in "/bounded".</summary>
    public IReadOnlyList<ScalingLawFit> BoundedFits { get; init; } = [];

    /// <summary>Eq. (5) against its rivals.</summary>
    public IReadOnlyList<LawComparison> Comparisons { get; init; } = [];

    /// <summary>Eq. (5) over sizes.</summary>
    public IReadOnlyList<PooledFit> PooledFits { get; init; } = [];

    /// <summary>Stopping at the peak; null where nothing has judged.</summary>
    public ForecastReport? Forecasts { get; init; }

    /// <summary>Eq. (11)'s unseen share, one per checkpoint.</summary>
    public IReadOnlyList<CheckpointBootstrap> Bootstrapped { get; init; } = [];

    /// <summary>Losses with remedies against the losses by themselves; empty without remedies.</summary>
    public IReadOnlyList<RemedyRow> Remedies { get; init; } = [];

    /// <summary>The same with all strengths of a remedy in one row; its best read on fresh prompts, where the study has a second
    /// pass.</summary>
    public IReadOnlyList<RemedyRow> RemedyFamilies { get; init; } = [];

    /// <summary>The chosen cells on the fresh prompts; empty without a second pass.</summary>
    public IReadOnlyList<ConfirmedCell> ConfirmedCells { get; init; } = [];

    /// <summary>What the papers of the remedies claim, and what the study says of it.</summary>
    public IReadOnlyList<RemedyVerdict> RemedyVerdicts { get; init; } = [];

    /// <summary>The same at equal labels and at equal training compute.</summary>
    public IReadOnlyList<RemedyBudgetRow> RemedyBudgets { get; init; } = [];

    /// <summary>Losses with and without remedies, compared in bins of √KL.</summary>
    public IReadOnlyList<EqualKlCell> RemediesAtEqualKl { get; init; } = [];

    public required IReadOnlyList<SampleComparison> Samples { get; init; }
}

/// <summary>A checkpoint's bootstrapped shares.</summary>
public sealed record CheckpointBootstrap(CheckpointKey Checkpoint, BootstrappedShares Shares);

/// <summary>One held-out prompt with the data set's response and samples at low, best and high KL.</summary>
public sealed record SampleComparison(
    string Model, string Prompt, string Reference, double? ReferenceGold, IReadOnlyList<SampleColumn> Columns);

/// <param name="Heading">For example "SFT", "low KL", "best", "high KL".</param>
public sealed record SampleColumn(string Heading, string Loss, double? Beta, double Fraction, double SqrtKl, string Response, double? Gold);
