namespace Goodhart.Pipeline;

/// <summary>What a run would do with a step.</summary>
public enum StepState
{
    /// <summary>Stored: nothing to do.</summary>
    Cached,

    /// <summary>Not stored, and asked for.</summary>
    ToRun,

    /// <summary>Stored, but runs again for a deleted file that a later step needs.</summary>
    ToRestore,

    /// <summary>Not stored, but everything that would read it is.</summary>
    NotNeeded,
}
