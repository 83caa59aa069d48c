using System.Globalization;

namespace Goodhart.Pipeline.Slurm;

/// <summary>Where the output of a study's jobs is, from the lists of which job is which step.</summary>
public static class SlurmLogs
{
    /// <summary>In the study's folder: the lists, and what the jobs wrote.</summary>
    internal const string Folder = "slurm";

    /// <summary>Lists the steps of the array of the same name.</summary>
    internal const string ListExtension = ".steps";

    /// <summary>Logs of all jobs that were submitted for a step, by the jobs' names.</summary>
    /// <param name="study">The study's folder.</param>
    /// <param name="step">Its folder's name.</param>
    /// <returns>Paths; a job that has not begun has no file yet.</returns>
    public static IReadOnlyList<string> Of(string study, string step)
    {
        string folder = Path.Combine(study, Folder);
        return !Directory.Exists(folder) ? [] :
        [
            .. from list in Directory.EnumerateFiles(folder, "*" + ListExtension).Order(StringComparer.Ordinal)
               from member in Read(list)
               where member.Step == step
               select Path.Combine(folder, NameOf(Path.GetFileNameWithoutExtension(list), member.Index)),
        ];
    }

    /// <param name="index">In the array; null for a job alone.</param>
    internal static string NameOf(string job, int? index) =>
        index is { } one ? string.Create(CultureInfo.InvariantCulture, $"{job}-{one}.log") : $"{job}.log";

    internal static string Write(IEnumerable<(int? Index, string Step)> members) => string.Concat(
        members.Select(member => string.Create(CultureInfo.InvariantCulture, $"{member.Index ?? -1} {member.Step}\n")));

    /// <summary>Steps of an array by their indices; of a job alone the one step.</summary>
    internal static IReadOnlyList<(int? Index, string Step)> Read(string list) =>
    [
        .. Lines(list).Select(line => line.Split(' ')).Where(parts => parts.Length == 2).Select(
            parts => (IndexOf(int.Parse(parts[0], NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture)), parts[1])),
    ];

    /// <remarks>A list may go while a folder is read: the study is pruned, or begun anew.</remarks>
    private static string[] Lines(string list)
    {
        try
        {
            return File.ReadAllLines(list);
        }
        catch (Exception gone) when (gone is FileNotFoundException or DirectoryNotFoundException)
        {
            return [];
        }
    }

    private static int? IndexOf(int written) => written < 0 ? null : written;
}
