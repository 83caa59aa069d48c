namespace Goodhart.Serve.Watching;

/// <summary>Keeps what is known of a study's folder up to date, while anybody wants to know it. Safe for threads.</summary>
/// <remarks>It polls: notices of changes do not travel between the machines that share a folder.</remarks>
internal sealed class StudyWatch(string directory, TimeSpan interval, TimeProvider time)
{
    private readonly Lock gate = new();
    private readonly StudyFolder folder = new(directory);
    private long? last;

    /// <summary>Another for each process: what a client has of an earlier one says nothing here.</summary>
    public string Instance { get; } = Guid.NewGuid().ToString("N")[..8];

    /// <summary>Looks at the study as it is now.</summary>
    public T Look<T>(Func<StudyFolder, T> look)
    {
        lock (gate)
        {
            Refresh();
            return look(folder);
        }
    }

    /// <summary>Waits until there is something newer than <paramref name="seen"/>, or <paramref name="longest"/> has passed.</summary>
    public async Task WaitAsync(StudyMoment seen, TimeSpan longest, CancellationToken cancel)
    {
        long start = time.GetTimestamp();
        while (Now() == seen && time.GetElapsedTime(start) < longest)
        {
            await Task.Delay(interval, time, cancel).ConfigureAwait(false);
        }
    }

    private StudyMoment Now() => Look(read => StudyMoment.Of(read.Fold));

    /// <summary>However many ask, the folder is read once in an interval.</summary>
    private void Refresh()
    {
        if (last is not { } before || time.GetElapsedTime(before) >= interval)
        {
            folder.Read();
            last = time.GetTimestamp();
        }
    }
}

/// <summary>How far a client's knowledge of the study goes.</summary>
internal readonly record struct StudyMoment(int Generation, long Version)
{
    public static StudyMoment Of(StudyFold fold) => new(fold.Generation, fold.Version);
}
