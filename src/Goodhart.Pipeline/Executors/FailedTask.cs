using System.Globalization;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace Goodhart.Pipeline;

/// <summary>A task that will not be tried again; <c>failures/NAME-KEY.json</c> keeps it until its step is stored.</summary>
/// <param name="Attempts">That were made in this run.</param>
public sealed record FailedTask(string Id, string Label, int Attempts, TaskFailure Failure)
{
    private static readonly JsonSerializerOptions Options = new(JsonSerializerDefaults.Web)
    {
        WriteIndented = true,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    internal static string PathOf(string directory, string id) => Path.Combine(directory, "failures", id + ".json");

    /// <summary>Null: its step has not failed, or is stored since.</summary>
    public static FailedTask? Read(string directory, string id)
    {
        try
        {
            return File.Exists(PathOf(directory, id))
                ? JsonSerializer.Deserialize<FailedTask>(File.ReadAllBytes(PathOf(directory, id)), Options)
                : null;
        }
        catch (Exception cause) when (cause is JsonException or IOException)
        {
            return null;
        }
    }

    internal static void Forget(string directory, string id)
    {
        string path = PathOf(directory, id);
        if (File.Exists(path))
        {
            File.Delete(path);
        }
    }

    /// <summary>A full disk may have been what failed: then the reason is told and not kept.</summary>
    internal void Keep(string directory)
    {
        try
        {
            string path = PathOf(directory, Id);
            Directory.CreateDirectory(Path.GetDirectoryName(path)!);
            AtomicFile.WriteAllBytes(path, JsonSerializer.SerializeToUtf8Bytes(this, Options));
        }
        catch (IOException)
        {
            // What failed is on its way to the user.
        }
    }
}

/// <summary>A run is over, and some of its tasks have failed; what is done is kept.</summary>
public sealed class TasksFailedException : Exception
{
    private const int LinesShown = 6;

    internal TasksFailedException(string directory, IReadOnlyList<FailedTask> failed, int skipped)
        : base(Describe(directory, failed, skipped)) => Failed = failed;

    public IReadOnlyList<FailedTask> Failed { get; }

    private static string Describe(string directory, IReadOnlyList<FailedTask> failed, int skipped)
    {
        StringBuilder text = new();
        text.Append(CultureInfo.InvariantCulture, $"{Steps(failed.Count)} failed");
        text.Append(skipped > 0 ? $", and {Steps(skipped)} that would have read from there {(skipped == 1 ? "was" : "were")} skipped" : "");
        text.Append("; the rest is done and kept. Running the same command again tries only what is missing.");
        foreach (FailedTask task in failed)
        {
            string attempts = task.Attempts > 1 ? $" ({task.Attempts} attempts)" : "";
            text.Append(CultureInfo.InvariantCulture, $"\n  {task.Label}{attempts}: {task.Failure.Reason}");
            foreach (string line in task.Failure.LastLines.TakeLast(LinesShown))
            {
                text.Append(CultureInfo.InvariantCulture, $"\n    | {line}");
            }

            text.Append(CultureInfo.InvariantCulture, $"\n    {FailedTask.PathOf(directory, task.Id)}");
        }

        return text.ToString();
    }

    private static string Steps(int count) => count == 1 ? "1 step" : $"{count} steps";
}
