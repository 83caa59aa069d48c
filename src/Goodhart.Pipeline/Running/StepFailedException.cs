namespace Goodhart.Pipeline;

/// <summary>A step failed; nothing of it is visible, and everything finished before is kept.</summary>
public sealed class StepFailedException : Exception
{
    // errno ENOSPC and EDQUOT; ERROR_DISK_FULL and ERROR_HANDLE_DISK_FULL
    private static readonly int[] DiskFull = [28, 122, unchecked((int)0x80070070), unchecked((int)0x80070027)];

    internal StepFailedException(StepIdentity identity, string label, Exception cause)
        : base(Describe(identity, label, cause), cause)
    {
        StepName = identity.Name;
        Key = identity.Key;
    }

    /// <summary>In a process of its own.</summary>
    internal StepFailedException(StepIdentity identity, string label, TaskFailure failure)
        : this(identity, label, new InvalidOperationException(failure.Reason))
    {
    }

    public string StepName { get; }

    public string Key { get; }

    private static string Describe(StepIdentity identity, string label, Exception cause)
    {
        string title = label == identity.Name ? identity.Folder : $"{identity.Folder} ({label})";
        string remedy = cause is IOException && DiskFull.Contains(cause.HResult)
            ? ". The disk is full: free some room and run the same command again; finished steps are kept."
            : "";
        return $"Step {title} failed: {cause.Message}{remedy}";
    }
}
