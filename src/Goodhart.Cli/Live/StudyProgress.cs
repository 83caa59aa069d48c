using Goodhart.Pipeline;
using Spectre.Console;

namespace Goodhart.Cli.Live;

/// <summary>How a run shows its progress: a live table on a terminal, plain lines elsewhere, nothing when quiet.</summary>
internal sealed class StudyProgress : IAsyncDisposable
{
    private const int LatestShown = 6;
    private readonly LiveTable? table;

    public StudyProgress(TextWriter writer, bool quiet)
    {
        if (quiet)
        {
            return;
        }

        StudyBoard board = new(TimeProvider.System);
        IAnsiConsole console = Ansi.On(writer);
        if (console.Profile.Out.IsTerminal)
        {
            LatestCheckpoints latest = new(LatestShown);
            table = new LiveTable(console, board, latest);
            Observer = new Observers(board, latest);
        }
        else
        {
            Observer = new Observers(board, new PlainProgress(writer, board, TimeProvider.System));
        }
    }

    public IRunObserver? Observer { get; }

    public ValueTask DisposeAsync() => table?.DisposeAsync() ?? ValueTask.CompletedTask;
}
