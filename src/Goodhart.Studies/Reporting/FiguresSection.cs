using Goodhart.Report.Html;

namespace Goodhart.Studies.Reporting;

internal static class FiguresSection
{
    public static Section? Build(IReadOnlyList<FigureBlock> figures) =>
        figures.Count == 0 ? null : new Section("figures", "Figures", [.. figures.Select(f => f.Render())]);
}
