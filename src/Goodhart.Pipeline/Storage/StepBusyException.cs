namespace Goodhart.Pipeline;

/// <summary>Another attempt is at this step: nothing was started.</summary>
public sealed class StepBusyException : IOException
{
    /// <param name="artifact">The folder that the step will be stored in.</param>
    /// <param name="holder">Who is at it, where that can be read.</param>
    internal StepBusyException(string artifact, string? holder, Exception? cause)
        : base(
            $"Another attempt is at {Path.GetFileName(artifact)}{(string.IsNullOrEmpty(holder) ? "" : $" ({holder})")}. Wait for it: "
            + "what it stores counts for both.", cause)
    {
    }
}
