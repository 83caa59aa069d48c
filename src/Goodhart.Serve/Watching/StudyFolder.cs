using Goodhart.Evaluation.Points;
using Goodhart.Pipeline;
using Goodhart.Steps.Measuring;

namespace Goodhart.Serve.Watching;

/// <summary>Reads a study's folder again and again, each time only what is new. Not safe for threads.</summary>
internal sealed class StudyFolder
{
    /// <summary>A file system's clock may tick slower than steps are stored: now and then the steps are listed whatever it says.</summary>
    private const int ListAtLeastEvery = 10;

    /// <summary>A folder's time moves in ticks: what is stored in the tick of the last listing leaves it as it is. So a fresh one says
    /// nothing.</summary>
    private static readonly TimeSpan Settled = TimeSpan.FromSeconds(2);

    private readonly string directory;
    private readonly EventTail events;
    private readonly Dictionary<string, EventTail> lone = new(StringComparer.Ordinal);
    private readonly HashSet<string> known = new(StringComparer.Ordinal);
    private DateTime listed = DateTime.MinValue;
    private int sinceListed = ListAtLeastEvery;

    public StudyFolder(string directory)
    {
        this.directory = Path.GetFullPath(directory);
        Steps = new StoredSteps(this.directory);
        events = new EventTail(Path.Combine(this.directory, EventLog.FileName));
    }

    public StoredSteps Steps { get; }

    public StudyFold Fold { get; } = new(StepNames.Analysis);

    /// <summary>Takes in what has changed since the last call.</summary>
    public void Read()
    {
        foreach (RunEvent entry in events.Read())
        {
            Fold.Apply(entry, alone: false);
        }

        ReadLone();
        ReadStored();
        foreach (WatchedStep step in Fold.Steps.Where(step => step is { IsAlone: true, State: WatchedState.Running or WatchedState.Lost }))
        {
            Fold.Look(step, HasSignOfLife(step));
        }
    }

    private void ReadLone()
    {
        string folder = Path.Combine(directory, EventLog.StepsFolder);
        if (!Directory.Exists(folder))
        {
            return;
        }

        foreach (string path in Directory.EnumerateFiles(folder, "*.jsonl"))
        {
            if (!lone.TryGetValue(path, out EventTail? tail))
            {
                lone.Add(path, tail = new EventTail(path));
            }

            foreach (RunEvent entry in tail.Read())
            {
                Fold.Apply(entry, alone: true);
            }
        }
    }

    private void ReadStored()
    {
        DateTime changed = Steps.Changed;
        if (changed == listed && DateTime.UtcNow - changed > Settled && sinceListed++ < ListAtLeastEvery)
        {
            return;
        }

        (listed, sinceListed) = (changed, 0);
        string[] found = [.. Steps.Folders()];
        foreach (string gone in known.Except(found).ToArray())
        {
            known.Remove(gone);
            Fold.Forget(KeyOf(gone));
        }

        foreach (string folder in found.Where(known.Add))
        {
            string name = folder[..^17];
            CheckpointPoint? point = StepNames.IsDescription(name) ? Steps.Result<CheckpointEvaluation>(folder)?.Point : null;
            Fold.Store(name, KeyOf(folder), Steps.Record(folder), point);
        }
    }

    /// <summary>By the time of its lease, which a living attempt renews: taking it would disturb whoever wants it.</summary>
    private bool HasSignOfLife(WatchedStep step)
    {
        string lease = Path.Combine(directory, "steps", step.Folder + Lease.Suffix);
        return File.Exists(lease) && DateTime.UtcNow - File.GetLastWriteTimeUtc(lease) < Lease.Life;
    }

    private static string KeyOf(string folder) => folder[^16..];
}
