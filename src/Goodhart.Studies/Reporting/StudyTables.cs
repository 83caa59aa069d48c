using Goodhart.Report.Html;
using Goodhart.Studies.Results;

namespace Goodhart.Studies.Reporting;

/// <summary>Tables of a report for other documents.</summary>
public static class StudyTables
{
    /// <summary>Chapters that have any.</summary>
    public static IReadOnlyList<string> Names { get; } = ["remedies"];

    /// <summary>A chapter's tables as Markdown, each after its caption.</summary>
    /// <param name="name">One of <see cref="Names"/>.</param>
    /// <exception cref="InvalidDataException">The study has nothing of it.</exception>
    public static string Markdown(StudyResults results, string name)
    {
        HtmlTable[] tables = [.. RemediesSection.Tables(results)];
        return tables.Length > 0
            ? string.Join('\n', tables.Select(MarkdownTable.Write))
            : throw new InvalidDataException($"the study has no {name}: align.remedies names some.");
    }
}
