using Goodhart.Evaluation.Theory.Queries;
using Goodhart.Report.Axes;
using Goodhart.Report.Charts;
using Goodhart.Report.Drawing;
using Goodhart.Report.Html;
using Goodhart.Report.Text;
using Goodhart.Text;

namespace Goodhart.Studies.Theory;

/// <summary>How many groups of connected responses there are, by size: every group is a direction that the loss does not see.</summary>
internal static class ComponentSizesFigure
{
    public static FigureBlock Build(RankReport graph)
    {
        string reading = Reading(graph);
        return new FigureBlock(
            "Groups of responses that pairs connect",
            Draw(graph, reading),
            "Each point: a size, and how many groups have it; both axes are logarithmic. A size of 1 is a response that no pair compares.",
            reading,
            "As |X × Y| ≫ |D|, the query matrix is likely to have a non-trivial null space, making the problem not strictly convex.",
            new CsvTable(["responsesInGroup", "groups"], [.. graph.Sizes.Select(size => new object?[] { size.Responses, size.Count })]));
    }

    private static string Reading(RankReport graph)
    {
        ComponentCount usual = graph.Sizes.MaxBy(size => size.Count);
        return $"{Numbers.Count(graph.Nullity)} {Quantity.Noun(graph.Nullity, "group")} of "
            + $"{Numbers.Count(graph.Responses)} {Quantity.Noun(graph.Responses, "response")}; "
            + $"{Numbers.Percent(usual.Count / (double)graph.Nullity)} of them have "
            + (usual.Responses == 1 ? "one response" : $"{usual.Responses} responses")
            + $", the largest {Numbers.Count(graph.Sizes[^1].Responses)}.";
    }

    private static Figure Draw(RankReport graph, string reading) => new()
    {
        Id = "component-sizes",
        Title = "Number of connected groups by their size",
        Description = reading,
        Columns = [new("", LogAxis.Over("responses in the group", graph.Sizes.Select(size => (double)size.Responses)))],
        Rows =
        [
            new(
                "",
                LogAxis.Over("groups", graph.Sizes.Select(size => (double)size.Count)),
                [new Panel([new PointMark(Palette.Series(0), MarkerShape.Circle, 3.4, false, [.. graph.Sizes.Select(Point)])])]),
        ],
        PanelAspect = 0.6,
    };

    private static ChartPoint Point(ComponentCount size) =>
        new(
            size.Responses, size.Count, Note: $"{Numbers.Count(size.Count)} {Quantity.Noun(size.Count, "group")} of "
                + $"{Numbers.Count(size.Responses)}");
}
