using System.Xml.Linq;
using Goodhart.Report.Html;
using Goodhart.Studies.Reporting.Opening;
using Goodhart.Studies.Results;

namespace Goodhart.Studies.Reporting;

/// <summary>The first screen, all computed: what happened, figure 1, findings, the best checkpoint, and the verdicts by section of the
/// paper.</summary>
internal static class SummarySection
{
    /// <param name="figure">Figure 1; null where nothing was judged.</param>
    /// <param name="chapters">Anchors of the chapters that follow.</param>
    public static Section Build(StudyResults results, StudyResults all, FigureBlock? figure, IReadOnlySet<string> chapters) => new(
        "summary",
        "Summary",
        [
            Html.Element("p", "headline", Headline.Of(results)),
            .. figure is null ? (XElement[])[] : [figure.Render()],
            .. KeyFindings.Render(results, all, chapters),
            .. BestCheckpoint.Render(results),
            .. ClaimBars.Render(results.Claims),
        ]);
}
