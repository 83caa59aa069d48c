using System.Text.Json.Serialization;
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
using Goodhart.Evaluation.Rewards;
using Goodhart.Steps.Measuring;
using Goodhart.Studies.Trees;

namespace Goodhart.Studies.Results;

/// <summary>Everything in the report as data: results.json.</summary>
public sealed record StudyResults
{
    public const int CurrentSchemaVersion = 1;

    public int SchemaVersion { get; init; } = CurrentSchemaVersion;

    public required StudySummary Study { get; init; }

    public required IReadOnlyList<CheckpointPoint> Points { get; init; }

    public required IReadOnlyList<ScalingLawFit> Fits { get; init; }

    public required IReadOnlyList<Claim> Claims { get; init; }

    /// <summary>What PPO and best-of-n learned from; empty without them.</summary>
    public IReadOnlyList<RewardModelSummary> RewardModels { get; init; } = [];

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

    /// <summary>Losses with and without remedies, compared in bins of √KL.</summary>
    public IReadOnlyList<EqualKlCell> RemediesAtEqualKl { get; init; } = [];

    /// <summary>The study as it would be without remedies: what the paper's figures and claims are about.</summary>
    internal StudyResults WithoutRemedies() => this with { Points = [.. Points.Where(point => !RemediedLosses.Contains(point.Loss))] };

    /// <summary>The paper's tree, where the study runs it.</summary>
    [JsonIgnore]
    public TreeResults? Tree { get; init; }

    public required IReadOnlyList<SampleComparison> Samples { get; init; }

    public required StudyCost Cost { get; init; }
}

/// <summary>A checkpoint's bootstrapped shares.</summary>
public sealed record CheckpointBootstrap(CheckpointKey Checkpoint, BootstrappedShares Shares);

/// <summary>What was run, as the report's header shows it.</summary>
/// <param name="NotRun">What the study does not contain, in plain words ("no judge", "one seed"); shown in the report.</param>
public sealed record StudySummary(
    string Name,
    string Description,
    IReadOnlyList<ModelSummary> Models,
    IReadOnlyList<string> Losses,
    IReadOnlyList<double> Betas,
    IReadOnlyList<double> Checkpoints,
    IReadOnlyList<int> Seeds,
    int PreferencePairs,
    int EvaluationPrompts,
    string KlConvention,
    string Version,
    string Machine,
    string InstructionSet,
    IReadOnlyList<string> NotRun);

/// <param name="SlotAccuracy">Of the SFT model: share of the world's slots named correctly when the response names one, by slot.</param>
public sealed record ModelSummary(string Name, long Parameters, long NonEmbedding, IReadOnlyDictionary<string, double> SlotAccuracy);

/// <summary>A reward model of classical RLHF on pairs it was not trained on: a proxy is worth no more than this.</summary>
/// <param name="Model">Whose SFT model it began as, or whose samples it scores.</param>
public sealed record RewardModelSummary(string Model, int Seed, RewardCalibration HeldOut);

/// <summary>One held-out prompt with the data set's response and samples at low, best and high KL.</summary>
public sealed record SampleComparison(
    string Model, string Prompt, string Reference, double? ReferenceGold, IReadOnlyList<SampleColumn> Columns);

/// <param name="Heading">For example "SFT", "low KL", "best", "high KL".</param>
public sealed record SampleColumn(string Heading, string Loss, double? Beta, double Fraction, double SqrtKl, string Response, double? Gold);

/// <param name="ComputeSeconds">Sum over steps; steps side by side count each.</param>
public sealed record StudyCost(
    double WallSeconds, double ComputeSeconds, double Flops, long PeakMemoryBytes, IReadOnlyList<StepCost> Steps);

public sealed record StepCost(string Kind, int Count, int Cached, double Seconds, double Flops);
