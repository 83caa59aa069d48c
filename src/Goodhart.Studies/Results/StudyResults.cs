using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Runtime.InteropServices;
using System.Text.Json.Serialization;
using Goodhart.Evaluation.Points;
using Goodhart.Evaluation.Rewards;
using Goodhart.Studies.Trees;
using Goodhart.Text;

namespace Goodhart.Studies.Results;

/// <summary>Everything in the report as data: results.json.</summary>
public sealed record StudyResults : StudyFindings
{
    public const int CurrentSchemaVersion = 1;

    [JsonConstructor]
    public StudyResults()
    {
    }

    /// <param name="findings">Study and cost are to be set besides.</param>
    [SetsRequiredMembers]
    public StudyResults(StudyFindings findings)
        : base(findings) => (Study, Cost) = (null!, null!);

    public int SchemaVersion { get; init; } = CurrentSchemaVersion;

    public required StudySummary Study { get; init; }

    /// <summary>What PPO and best-of-n learned from; empty without them.</summary>
    public IReadOnlyList<RewardModelSummary> RewardModels { get; init; } = [];

    /// <summary>The study as it would be without remedies: what the paper's figures and claims are about.</summary>
    internal StudyResults WithoutRemedies() => this with { Points = [.. Points.Where(point => !RemediedLosses.Contains(point.Loss))] };

    /// <summary>The paper's tree, where the study runs it.</summary>
    [JsonIgnore]
    public TreeResults? Tree { get; init; }

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
    IReadOnlyList<string> NotRun)
{
    /// <summary>The one <see cref="KlConvention"/> there is.</summary>
    public static string ConventionAt(double temperature) =>
        "KL(policy‖reference) in nats per response: exact per-token divergence over the whole vocabulary, summed over sampled prefixes "
        + FormattableString.Invariant($"at temperature {temperature}; no top-k, no top-p");

    public static string ThisMachine() => string.Create(
        CultureInfo.InvariantCulture,
        $"{Quantity.Of(Environment.ProcessorCount, "core")}, {RuntimeInformation.OSDescription}, "
            + $"{RuntimeInformation.FrameworkDescription}");
}

/// <param name="SlotAccuracy">Of the SFT model: share of the world's slots named correctly when the response names one, by slot.</param>
public sealed record ModelSummary(string Name, long Parameters, long NonEmbedding, IReadOnlyDictionary<string, double> SlotAccuracy);

/// <summary>A reward model of classical RLHF on pairs it was not trained on: a proxy is worth no more than this.</summary>
/// <param name="Model">Whose SFT model it began as, or whose samples it scores.</param>
public sealed record RewardModelSummary(string Model, int Seed, RewardCalibration HeldOut);

/// <param name="ComputeSeconds">Sum over steps; steps side by side count each.</param>
public sealed record StudyCost(
    double WallSeconds, double ComputeSeconds, double Flops, long PeakMemoryBytes, IReadOnlyList<StepCost> Steps);

public sealed record StepCost(string Kind, int Count, int Cached, double Seconds, double Flops);
