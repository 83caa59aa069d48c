namespace Goodhart.Pipeline.Slurm;

/// <summary>Slurm refused, or did not answer.</summary>
public sealed class SlurmException : Exception
{
    public SlurmException(string message, Exception? cause = null)
        : base(message, cause)
    {
    }

    /// <summary>Its commands are not there: asking again will not help.</summary>
    public bool IsMissing { get; init; }

    /// <summary>More jobs than a user may have at once, or a daemon that is busy: later it may do what was asked.</summary>
    internal bool IsForNow => new[] { "limit", "temporarily", "Resource" }.Any(word => Message.Contains(word, StringComparison.Ordinal));
}
