namespace Goodhart.Pipeline;

/// <summary>How the run of one step by itself ended, when it did not fail.</summary>
/// <param name="Ran">False where it was stored before, or is not ready.</param>
/// <param name="Missing">What must be stored first, by folder; empty: the step is stored now.</param>
public sealed record StepOutcome(bool Ran, IReadOnlyList<string> Missing)
{
    /// <summary>Nothing was started.</summary>
    public bool NotReady => Missing.Count > 0;
}
