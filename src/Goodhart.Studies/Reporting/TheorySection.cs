using Goodhart.Report.Html;
using Goodhart.Studies.Results;
using Goodhart.Studies.Trees;

namespace Goodhart.Studies.Reporting;

/// <summary>Section 4 and appendices D and E: what the values of a policy bootstrap on, and the tree.</summary>
internal static class TheorySection
{
    public static IEnumerable<Section> Build(StudyResults results, IReadOnlyList<FigureBlock> figures)
    {
        if (figures.Count > 0)
        {
            yield return new Section(
                "bootstrapping", "What the values bootstrap on",
                [
                    Html.Paragraph(
                        "Eq. (11): a token’s Q is its reward plus the value of what follows, and that value sums over all next tokens, "
                            + "those that the data never "
                        + "show among them. The share below is the probability of unseen tokens at the prefixes of the data’s responses."),
                    .. figures.Select(f => f.Render()),
                ]);
        }

        foreach (Section section in results.Tree is null ? [] : TreeChapter.Sections(results.Tree))
        {
            yield return section;
        }
    }
}
