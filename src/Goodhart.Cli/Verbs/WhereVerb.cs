using System.CommandLine;
using Goodhart.Cli.Paper;
using Goodhart.Cli.Parsing;

namespace Goodhart.Cli.Verbs;

/// <summary><c>goodhart where</c>: from the paper to the code.</summary>
internal sealed class WhereVerb : Verb
{
    private readonly Argument<string[]> place = TextArgument.Several(
        "place", least: 1,
        "An equation (eq. 5, or just 5), a figure (figure 1, fig1), a section (section 3.2) or an appendix (appendix B).");

    private readonly Option<bool> json = CommonOptions.Json();

    public WhereVerb()
        : base("where", "Show which files implement an equation, figure, section or appendix of the paper.") =>
        Take([place, json], Run);

    public override IReadOnlyList<string> Examples { get; } =
        ["goodhart where eq. 5", "goodhart where figure 1", "goodhart where section 3.2", "goodhart where appendix B"];

    private int Run(ParseResult parse)
    {
        string asked = string.Join(' ', parse.GetValue(place)!);
        IReadOnlyList<PaperRow> rows = PaperMap.Shipped.Find(asked);
        if (rows.Count == 0)
        {
            Error(parse).WriteLine(
                $"error: the paper has no '{asked}' here: expected eq. 1 to 12, figure 1 to 18, section 1, 3 (or 3.1 to 3.5) or 4, or an "
                    + "appendix B to E.");
            return ExitCode.BadInput;
        }

        if (parse.GetValue(json))
        {
            Out(parse).WriteLine(JsonLayout.Text(rows));
            return ExitCode.Done;
        }

        foreach (PaperRow row in rows)
        {
            Out(parse).WriteLine($"{row.Place}  {row.What}");
            Out(parse).WriteLine($"  code   {Join(row.Files)}");
            Out(parse).WriteLine($"  tests  {Join(row.Tests)}");
        }

        return ExitCode.Done;
    }

    private static string Join(IReadOnlyList<string> files) => files.Count == 0 ? PaperMap.NotYet : string.Join("\n         ", files);
}
