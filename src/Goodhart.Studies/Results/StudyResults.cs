using Goodhart.Evaluation.Claims;
using Goodhart.Evaluation.Comparisons;
using Goodhart.Evaluation.Fits;
using Goodhart.Evaluation.Points;

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

    /// <summary>Losses compared in bins of √KL.</summary>
    public IReadOnlyList<EqualKlCell> EqualKl { get; init; } = [];

    public required IReadOnlyList<SampleComparison> Samples { get; init; }

    public required StudyCost Cost { get; init; }
}

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

/// <summary>One held-out prompt with the data set's response and samples at low, best and high KL.</summary>
public sealed record SampleComparison(string Model, string Prompt, string Reference, double? ReferenceGold, IReadOnlyList<SampleColumn> Columns);

/// <param name="Heading">For example "SFT", "low KL", "best", "high KL".</param>
public sealed record SampleColumn(string Heading, string Loss, double? Beta, double Fraction, double SqrtKl, string Response, double? Gold);

/// <param name="ComputeSeconds">Sum over steps; steps side by side count each.</param>
public sealed record StudyCost(double WallSeconds, double ComputeSeconds, double Flops, long PeakMemoryBytes, IReadOnlyList<StepCost> Steps);

public sealed record StepCost(string Kind, int Count, int Cached, double Seconds, double Flops);
