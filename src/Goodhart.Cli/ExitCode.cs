namespace Goodhart.Cli;

/// <summary>What the program's exit code says.</summary>
public static class ExitCode
{
    public const int Done = 0;

    /// <summary>The work failed; the message says why and what to do.</summary>
    public const int Failed = 1;

    /// <summary>Bad usage or bad input: nothing was started.</summary>
    public const int BadInput = 2;

    /// <summary>A step cannot run yet: what it needs is not stored, or another attempt is at it. Nothing was started; try again.</summary>
    public const int NotReady = 75;

    /// <summary>Interrupted; what is finished is kept, and the same command resumes.</summary>
    public const int Interrupted = 130;
}
