using System.Globalization;

namespace Goodhart.Pipeline.Slurm;

/// <summary>What a job wrote of itself: the only word on how it ended that outlives Slurm's memory.</summary>
/// <param name="Started">Whether it came as far as our script.</param>
/// <param name="ExitCode">Of its last attempt; null where that one was ended from outside, or goes on.</param>
/// <param name="LastLines">What the step said at last.</param>
internal sealed record JobLog(bool Started, int? ExitCode, IReadOnlyList<string> LastLines)
{
    private const int Tail = 1 << 16;
    private const int Lines = 12;

    public static string Start(string id) => $"goodhart: job {id} starts";

    public static string End(string id, string code) => $"goodhart: job {id} ended with {code}";

    /// <param name="path">Attempts of several jobs may stand in it.</param>
    /// <param name="id">Of the job that is asked for.</param>
    public static JobLog Read(string path, string id)
    {
        string[] lines;
        bool isLong;
        try
        {
            using FileStream file = new(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
            isLong = file.Length > Tail;
            file.Seek(-Math.Min(file.Length, Tail), SeekOrigin.End);
            using StreamReader reader = new(file);
            lines = reader.ReadToEnd().Split('\n', StringSplitOptions.RemoveEmptyEntries);
        }
        catch (IOException)
        {
            return new JobLog(Started: false, null, []);
        }

        int start = Array.FindLastIndex(lines, line => line.StartsWith(Start(id), StringComparison.Ordinal));
        string[] attempt = lines[(start + 1)..];
        string end = End(id, "");
        string? ended = attempt.LastOrDefault(line => line.StartsWith(end, StringComparison.Ordinal));
        return new JobLog(
            start >= 0 || isLong,
            int.TryParse(ended?[end.Length..], NumberStyles.None, CultureInfo.InvariantCulture, out int code) ? code : null,
            [.. attempt.Where(line => !line.StartsWith("goodhart: job ", StringComparison.Ordinal)).TakeLast(Lines)]);
    }
}
