namespace Goodhart.Pipeline;

/// <summary>Another attempt is at this step, or another step at the judge that it needs: nothing was started.</summary>
public sealed class StepBusyException : IOException
{
    /// <param name="artifact">What it is at.</param>
    /// <param name="holder">Who is at it, where that can be read.</param>
    internal StepBusyException(string artifact, string? holder, Exception? cause)
        : base(
            $"Another attempt is at {Path.GetFileName(artifact)}{(string.IsNullOrEmpty(holder) ? "" : $" ({holder})")}. Wait for it: "
            + "what it stores counts for both.", cause)
    {
    }
}
