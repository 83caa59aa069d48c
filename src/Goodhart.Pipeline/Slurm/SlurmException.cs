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

    /// <summary>A daemon that is busy: later it may do what was asked.</summary>
    internal bool IsForNow => Has("timed out") || Has("temporarily") || Has("has not answered");

    /// <summary>More jobs than a user may have at once.</summary>
    internal bool IsLimit => Has("limit");

    private bool Has(string words) => Message.Contains(words, StringComparison.Ordinal);
}
