using System.Text.Json.Serialization;

namespace Goodhart.Pipeline;

/// <summary>What an event is about; in the file <c>run-started</c>, <c>step-progress</c> and so on.</summary>
public enum RunEventKind
{
    RunStarted,

    /// <summary>The graph of a study whose steps run by themselves, each with events of its own.</summary>
    RunPlanned,
    RunFinished,
    StepCached,
    StepStarted,
    StepProgress,
    StepFinished,
    StepFailed,

    /// <summary>An attempt failed, for what the text says, and there will be another.</summary>
    StepRetried,

    /// <summary>Something that it needs has failed.</summary>
    StepSkipped,
    Metric,
}

/// <summary>One line of <c>events.jsonl</c>.</summary>
public sealed record RunEvent
{
    /// <summary>UTC.</summary>
    public required DateTimeOffset Time { get; init; }

    public required RunEventKind Kind { get; init; }

    /// <summary>Name of the step; null for an event of the run.</summary>
    public string? Step { get; init; }

    public string? Key { get; init; }

    public string? Label { get; init; }

    /// <summary>Share of the step that is done, 0 to 1.</summary>
    public double? Fraction { get; init; }

    /// <summary>Of a finished step, wall time.</summary>
    public double? Seconds { get; init; }

    /// <summary>For people: what a step is at, or why it failed.</summary>
    public string? Text { get; init; }

    /// <summary>Values by metric name; the names are those of <c>docs/metrics.md</c>.</summary>
    [JsonNumberHandling(JsonNumberHandling.AllowNamedFloatingPointLiterals)]
    public IReadOnlyDictionary<string, double>? Metrics { get; init; }

    /// <summary>Of a run that starts or is planned: all its steps, each after its inputs.</summary>
    public IReadOnlyList<PlannedEntry>? Plan { get; init; }
}

/// <summary>A step of a plan, as the event log has it.</summary>
/// <param name="Inputs">Keys of the steps that it reads.</param>
/// <param name="Cost">Expected work, <see cref="Step.EstimatedCost"/>.</param>
/// <param name="Runs">False for one that is stored, or that nobody needs.</param>
/// <param name="About">What it is about; null: nothing that anybody asks for.</param>
public sealed record PlannedEntry(
    string Step, string Key, string Label, IReadOnlyList<string> Inputs, double Cost, bool Runs,
    IReadOnlyDictionary<string, string>? About = null);
