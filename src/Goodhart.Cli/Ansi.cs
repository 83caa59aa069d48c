using Spectre.Console;

namespace Goodhart.Cli;

/// <summary>Spectre consoles on any writer.</summary>
internal static class Ansi
{
    /// <summary>Redirected output has no width of its own; tables for a file or another program are not broken into lines.</summary>
    private const int RedirectedWidth = 240;

    public static IAnsiConsole On(TextWriter writer)
    {
        IAnsiConsole console = AnsiConsole.Create(new AnsiConsoleSettings { Out = new AnsiConsoleOutput(writer) });
        if (!console.Profile.Out.IsTerminal)
        {
            console.Profile.Width = RedirectedWidth;
        }

        return console;
    }

    public static Table Table(params string[] columns)
    {
        Table table = new() { Border = TableBorder.Simple };
        foreach (string column in columns)
        {
            table.AddColumn(new TableColumn(Markup.Escape(column)).NoWrap());
        }

        return table;
    }

    public static void AddText(this Table table, params string[] cells) => table.AddRow([.. cells.Select(Markup.Escape)]);
}
