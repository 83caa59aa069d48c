using System.Text;
using Goodhart.Pipeline;
using Goodhart.Pipeline.Slurm;
using Goodhart.Serve.Watching;

namespace Goodhart.Serve.Answers;

/// <summary>What is left of a step's attempts: its record, and the end of its logs.</summary>
internal sealed class StepAnswers(StudyWatch watch, string directory)
{
    /// <summary>Where whoever submits steps leaves what they print.</summary>
    private const string Logs = "logs";

    private const int MostTail = 8192;

    private readonly StoredSteps stored = new(directory);

    /// <summary>Null: there is no such step.</summary>
    public StepAnswer? Of(string key)
    {
        if (watch.Look(read => read.Fold.Find(key)?.Folder) is not { } folder)
        {
            return null;
        }

        StepRecord? record = stored.Record(folder);
        return new StepAnswer(
            folder,
            record?.Machine,
            record?.Threads,
            record?.Started,
            record?.Files.Sum(file => file.Bytes),
            record is null ? [] : [.. record.Files.Where(file => !record.Pruned.Contains(file.Name)).Select(file => file.Name)],
            [
                .. Kept(folder),
                .. Files(folder).Select(path => new LogRow(Path.GetRelativePath(directory, path).Replace('\\', '/'), Tail(path))),
            ]);
    }

    /// <summary>What a worker printed last before its step failed.</summary>
    private IEnumerable<LogRow> Kept(string folder) => FailedTask.Read(directory, folder) is { } task
        ? [new LogRow($"failures/{folder}.json", string.Join('\n', task.Failure.LastLines.Prepend(task.Failure.Reason)))]
        : [];

    private IEnumerable<string> Files(string folder)
    {
        string events = EventLog.OfStep(directory, folder);
        string logs = Path.Combine(directory, Logs);
        IEnumerable<string> printed = Directory.Exists(logs)
            ? Directory.EnumerateFiles(logs, $"*{folder}*", SearchOption.AllDirectories).Order(StringComparer.Ordinal)
            : [];
        return printed.Concat(SlurmLogs.Of(directory, folder)).Append(events)
            .Where(path => new FileInfo(path) is { Exists: true, LinkTarget: null });
    }

    private static string Tail(string path)
    {
        using FileStream file = new(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
        file.Position = Math.Max(0, file.Length - MostTail);
        using StreamReader reader = new(file, Encoding.UTF8);
        if (file.Position > 0)
        {
            reader.ReadLine();   // its beginning is cut off
        }

        return reader.ReadToEnd();
    }
}

/// <param name="Machine">That stored it; null, like the next three: it is not stored.</param>
/// <param name="Bytes">Of all its files, deleted ones too.</param>
/// <param name="Files">Those that are there.</param>
internal sealed record StepAnswer(
    string Folder, string? Machine, int? Threads, DateTimeOffset? Started, long? Bytes, IReadOnlyList<string> Files,
    IReadOnlyList<LogRow> Logs);

/// <param name="Name">Inside the study's folder.</param>
/// <param name="Tail">Its last lines.</param>
internal sealed record LogRow(string Name, string Tail);
