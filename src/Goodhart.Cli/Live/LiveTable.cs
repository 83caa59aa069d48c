using Goodhart.Pipeline;
using Goodhart.Text;
using Spectre.Console;
using Spectre.Console.Rendering;

namespace Goodhart.Cli.Live;

/// <summary>The running steps as a table that redraws itself a few times a second until it is disposed.</summary>
internal sealed class LiveTable : IAsyncDisposable
{
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(250);
    private readonly CancellationTokenSource finished = new();
    private readonly Task drawing;

    public LiveTable(IAnsiConsole console, StudyBoard board, LatestCheckpoints latest) =>
        drawing = Task.Run(
            () => console.Live(Draw(board, latest)).AutoClear(false).StartAsync(context => RedrawAsync(context, board, latest)));

    public async ValueTask DisposeAsync()
    {
        await finished.CancelAsync();
        try
        {
            await drawing;
        }
        catch (IOException)
        {
            // A terminal that is gone takes nothing of the run with it.
        }

        finished.Dispose();
    }

    /// <summary>The table of one moment.</summary>
    internal static IRenderable Draw(StudyBoard board, LatestCheckpoints latest)
    {
        BoardSnapshot now = board.Snapshot();
        Table table = Ansi.Table("running", "", "tokens/s", "latest");

        // Where a terminal is narrow words go on below, and numbers stay whole.
        (table.Columns[0].NoWrap, table.Columns[3].NoWrap) = (false, false);
        foreach (RunningStep step in now.Running)
        {
            table.AddText(
                step.Label, Bar(step.Report.Fraction), MetricText.TokensPerSecond(step.Report.Metrics), MetricText.Of(step.Report.Metrics));
        }

        foreach ((string label, string metrics) in latest.Snapshot())
        {
            table.AddText(label, "done", "", metrics);
        }

        return new Rows(table, new Spectre.Console.Text(Totals(now)));
    }

    private static string Totals(BoardSnapshot now) =>
        $"{now.Done} of {Quantity.Of(now.Total, "step")} done, {now.Cached} cached{Lost(now)}; {TimeLeft.Text(now.Elapsed)} so far"
        + (now.Left is { } left && now.Done < now.Total ? $", about {TimeLeft.Text(left)} left" : "");

    private static string Lost(BoardSnapshot now) => now.Failed > 0 ? $", {now.Failed} failed, {now.Skipped} skipped" : "";

    private static string Bar(double fraction)
    {
        const int width = 20;
        int full = (int)Math.Round(Math.Clamp(fraction, 0, 1) * width);
        return new string('━', full) + new string('·', width - full) + FormattableString.Invariant($" {100 * fraction,3:0} %");
    }

    private async Task RedrawAsync(LiveDisplayContext context, StudyBoard board, LatestCheckpoints latest)
    {
        while (!finished.IsCancellationRequested)
        {
            context.UpdateTarget(Draw(board, latest));
            await Task.Delay(Interval, finished.Token).ContinueWith(_ => { }, TaskScheduler.Default);
        }

        context.UpdateTarget(Draw(board, latest));
    }
}
