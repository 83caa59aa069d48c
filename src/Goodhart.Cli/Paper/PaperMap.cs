using System.Text.RegularExpressions;

namespace Goodhart.Cli.Paper;

/// <summary>docs/paper.md: every equation, figure and hyper-parameter of the paper with the files that implement and test it.</summary>
public sealed partial class PaperMap
{
    /// <summary>What a cell says where nothing implements or tests the row.</summary>
    public const string NotYet = "not yet";

    private PaperMap(IReadOnlyList<PaperRow> rows) => Rows = rows;

    /// <summary>The map that was built into this program.</summary>
    public static PaperMap Shipped { get; } = Load();

    public IReadOnlyList<PaperRow> Rows { get; }

    /// <param name="markdown">Tables of rows <c>| place | what | `file` `file` | `test` |</c>; anything else is text.</param>
    /// <exception cref="InvalidDataException">A row of another shape.</exception>
    public static PaperMap Parse(string markdown)
    {
        List<PaperRow> rows = [];
        foreach (string line in markdown.Split('\n').Select(line => line.Trim()).Where(line => line.StartsWith('|')))
        {
            string[] cells = [.. line.Trim('|').Split('|').Select(cell => cell.Trim())];
            if (cells.Length != 4)
            {
                throw new InvalidDataException(
                    $"docs/paper.md: expected the 4 cells place, what, files, tests; found {cells.Length}: {line}");
            }

            if (RowName().IsMatch(cells[0]))
            {
                rows.Add(new PaperRow(cells[0], cells[1], Files(cells[2], line), Files(cells[3], line)));
            }
        }

        return new PaperMap(rows);
    }

    /// <summary>
    /// The rows somebody means by "eq. 4", "(4)", "4", "figure 1", "fig1", "section 3.1", "section 3" (all of it), "appendix B".
    /// </summary>
    public IReadOnlyList<PaperRow> Find(string asked)
    {
        Match match = Question().Match(asked);
        if (!match.Success)
        {
            return [];
        }

        string name = match.Groups["name"].Value.ToUpperInvariant();
        string kind = match.Groups["kind"].Value.ToUpperInvariant() switch
        {
            ['F', ..] => $"Figure {name}",
            ['S', ..] => $"Section {name}",
            ['A', ..] => $"Appendix {name}",
            "" when name.Contains('.', StringComparison.Ordinal) => $"Section {name}",
            _ when char.IsLetter(name[0]) => $"Appendix {name}",
            _ => $"Eq. ({name})",
        };
        return [.. Rows.Where(row => row.Place == kind || row.Place.StartsWith($"{kind}:", StringComparison.Ordinal)
            || (kind[0] == 'S' && row.Place.StartsWith($"{kind}.", StringComparison.Ordinal)))];
    }

    private static PaperMap Load()
    {
        using Stream resource = typeof(PaperMap).Assembly.GetManifestResourceStream("docs/paper.md")!;
        using StreamReader reader = new(resource);
        return Parse(reader.ReadToEnd());
    }

    private static string[] Files(string cell, string line)
    {
        string[] files = [.. InBackticks().Matches(cell).Select(match => match.Groups[1].Value)];
        return files.Length > 0 || cell == NotYet
            ? files
            : throw new InvalidDataException($"docs/paper.md: expected files in backticks or '{NotYet}', found '{cell}': {line}");
    }

    [GeneratedRegex(@"^(Eq\. \(|Figure \d|Section \d|Appendix [A-E]\b)")]
    private static partial Regex RowName();

    [GeneratedRegex(
        @"^\s*(?<kind>eq(uation)?|fig(ure)?|sec(tion)?|app(endix)?)?[\s.]*\(?(?<name>\d{1,2}(\.\d)?|[a-e])\)?\s*$",
        RegexOptions.IgnoreCase)]
    private static partial Regex Question();

    [GeneratedRegex("`([^`]+)`")]
    private static partial Regex InBackticks();
}
