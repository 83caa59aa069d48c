using System.Globalization;
using Goodhart.Studies.Tools;

namespace Goodhart.Cli.Live;

/// <summary>A timestamped line now and then, and one at the end.</summary>
/// <param name="what">What is counted.</param>
internal sealed class CountProgress(TextWriter writer, string what, TimeProvider time) : IProgress<WorkDone>
{
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(5);

    private readonly long start = time.GetTimestamp();
    private int? first;
    private TimeSpan last = TimeSpan.Zero;

    public static IProgress<WorkDone> On(TextWriter writer, string what, bool quiet) =>
        quiet ? new NoProgress() : new CountProgress(writer, what, TimeProvider.System);

    public void Report(WorkDone value) => Report(value, "");

    /// <param name="remark">Follows the count.</param>
    public void Report(WorkDone value, string remark)
    {
        TimeSpan elapsed = time.GetElapsedTime(start);
        first ??= value.Done;   // what a resumed run found done says nothing of its pace
        bool isLast = value.Done == value.Total;
        if (!isLast && elapsed - last < Pause)
        {
            return;
        }

        last = elapsed;
        string left = !isLast && TimeLeft.Of(elapsed, value.Done - first.Value, value.Total - first.Value) is { } rest
            ? $", about {TimeLeft.Text(rest)} left"
            : "";
        writer.WriteLine(string.Create(
            CultureInfo.InvariantCulture, $"{time.GetUtcNow():yyyy-MM-dd HH:mm:ss'Z'} {value.Done:N0} of {value.Total:N0} {what}{remark}{left}"));
    }

    private sealed class NoProgress : IProgress<WorkDone>
    {
        public void Report(WorkDone value)
        {
        }
    }
}
