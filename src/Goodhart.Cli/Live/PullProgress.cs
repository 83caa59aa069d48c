using System.Globalization;
using Goodhart.Hub.Pulling;
using Goodhart.Pipeline;

namespace Goodhart.Cli.Live;

/// <summary>A line for every file that is fetched, and one now and then while it comes.</summary>
/// <param name="quiet">Writes nothing.</param>
internal sealed class PullProgress(TextWriter writer, bool quiet, TimeProvider time) : IPullObserver
{
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(5);

    private long start;
    private long last;
    private long received;
    private long have;
    private long size;

    public void Planned(string commit, int files, long bytes) => Write(files == 0
        ? $"commit {commit}: everything is there"
        : string.Create(
            CultureInfo.InvariantCulture, $"commit {commit}: {files} {(files == 1 ? "file" : "files")} to fetch, {Size(bytes)}"));

    public void Fetching(string path, long size, long have)
    {
        (this.size, this.have, received) = (size, have, 0);
        start = last = time.GetTimestamp();
        Write($"{path}: {Size(size)}{(have > 0 ? $", {Size(have)} of it are there" : "")}");
    }

    public void Received(long bytes)
    {
        received += bytes;
        if (time.GetElapsedTime(last) < Pause)
        {
            return;
        }

        last = time.GetTimestamp();
        TimeSpan elapsed = time.GetElapsedTime(start);
        string left = TimeLeft.Of(elapsed, received, size - have) is { } rest ? $", about {TimeLeft.Text(rest)} left" : "";
        Write(string.Create(
            CultureInfo.InvariantCulture,
            $"  {Size(have + received)} of {Size(size)}, {Size((long)(received / elapsed.TotalSeconds))}/s{left}"));
    }

    public void Waiting(string reason) => Write($"  {reason}");

    /// <summary>In units of a thousand, as disks and networks are sold.</summary>
    internal static string Size(long bytes) => bytes switch
    {
        < 1000 => string.Create(CultureInfo.InvariantCulture, $"{bytes} bytes"),
        < 1_000_000 => string.Create(CultureInfo.InvariantCulture, $"{bytes / 1e3:0.0} kB"),
        < 1_000_000_000 => string.Create(CultureInfo.InvariantCulture, $"{bytes / 1e6:0.0} MB"),
        _ => string.Create(CultureInfo.InvariantCulture, $"{bytes / 1e9:0.00} GB"),
    };

    private void Write(string line)
    {
        if (!quiet)
        {
            writer.WriteLine(line);
        }
    }
}
