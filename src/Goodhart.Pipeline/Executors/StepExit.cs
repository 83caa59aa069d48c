namespace Goodhart.Pipeline;

/// <summary>What the exit code of a step's command means.</summary>
public enum StepExit
{
    /// <summary>The step is stored, now or before.</summary>
    Done = 0,

    /// <summary>It failed, and would fail the same way again.</summary>
    Failed = 1,

    /// <summary>Something that the study names cannot be used.</summary>
    BadInput = 2,

    /// <summary>An input is not stored yet, or another attempt is at it: try again later.</summary>
    NotReady = 75,

    /// <summary>It was asked to stop: call it again.</summary>
    Interrupted = 130,

    /// <summary>Any other code: the process died of something, and another attempt may not.</summary>
    Died = -1,
}

/// <summary>Why an attempt at a step ended without it.</summary>
/// <param name="Reason">In words.</param>
/// <param name="ExitCode">Of its process; 128 and a signal's number where that killed it. Null: nobody saw its end.</param>
/// <param name="LastLines">What it wrote last to standard error, the latest last.</param>
public sealed record TaskFailure(string Reason, int? ExitCode, IReadOnlyList<string> LastLines)
{
    private const int Signals = 128;

    private static readonly Dictionary<int, string> Names = new()
    {
        [1] = "SIGHUP, its terminal or its parent went",
        [2] = "SIGINT",
        [4] = "SIGILL, an instruction that this processor does not have",
        [6] = "SIGABRT, an unhandled error or no memory",
        [7] = "SIGBUS, memory that is not there",
        [8] = "SIGFPE",
        [9] = "SIGKILL, as the system does when memory runs out",
        [11] = "SIGSEGV, a fault in native code",
        [15] = "SIGTERM",
    };

    /// <summary>What an exit code means.</summary>
    public static StepExit Meaning(int exitCode) =>
        exitCode >= 0 && Enum.IsDefined((StepExit)exitCode) ? (StepExit)exitCode : StepExit.Died;

    /// <summary>By the end of a process whose own words are not known.</summary>
    public static TaskFailure OfExit(int exitCode, IReadOnlyList<string> lastLines) => new(
        exitCode > Signals
            ? $"killed by signal {exitCode - Signals}{(Names.TryGetValue(exitCode - Signals, out string? name) ? $" ({name})" : "")}"
            : $"its process ended with code {exitCode}",
        exitCode,
        lastLines);
}
