using System.Xml.Linq;
using Goodhart.Report.Drawing;

namespace Goodhart.Report.Charts;

/// <summary>Edges and nodes of a tree; an edge is as wide as its weight. For panels between blank axes.</summary>
public sealed record TreeMark(Ink Ink, IReadOnlyList<TreeEdge> Edges, IReadOnlyList<TreeNode> Nodes) : Mark(Ink)
{
    /// <summary>Width of an edge of weight 1, in pixels.</summary>
    private const double Widest = 11;

    /// <summary>What is never taken is still part of the tree.</summary>
    private const double Thinnest = 0.5;

    internal override IEnumerable<double> Numbers =>
        Edges.SelectMany(e => new[] { e.X0, e.Y0, e.X1, e.Y1, e.Weight }).Concat(Nodes.SelectMany(n => new[] { n.X, n.Y }));

    internal override IEnumerable<XElement> Draw(Canvas canvas)
    {
        foreach (TreeEdge edge in Edges)
        {
            XElement line = Line(
                new PathText().Move(canvas.X(edge.X0), canvas.Y(edge.Y0)).Line(canvas.X(edge.X1), canvas.Y(edge.Y1)), edge.Weight);
            if (edge.Note is not null)
            {
                line.Add(SvgElement.Create("title", edge.Note));
            }

            yield return line;
        }

        foreach (TreeNode node in Nodes)
        {
            yield return SvgElement.Label(
                node.Label, canvas.X(node.X), canvas.Y(node.Y) + 3, node.AtEnd ? "start" : "middle",
                new XAttribute("font-size", "9"), new XAttribute("fill", "currentColor"), Halo(node));
        }
    }

    internal override IEnumerable<XElement> DrawSample()
    {
        yield return Line(new PathText().Move(-LegendWidth / 2, 0).Horizontal(LegendWidth / 2), 0.4);
    }

    private static XElement Line(PathText path, double weight)
    {
        double width = Math.Max(Thinnest, Widest * weight);
        return SvgElement.Path(
            path, ("fill", "none"), ("stroke", "currentColor"), ("stroke-width", PathText.Format(width)), ("stroke-linecap", "round"),
                ("stroke-opacity", width > Thinnest ? "0.85" : "0.45"));
    }

    // The page's colour around the letters keeps a name readable on the edges it stands on.
    private static object[] Halo(TreeNode node) => node.AtEnd ? [] :
    [
        new XAttribute("stroke", "var(--ink-paper, " + Palette.Paper.Light + ")"), new XAttribute("stroke-width", "3"),
        new XAttribute("paint-order", "stroke"),
    ];
}

/// <param name="Weight">0 to 1: the probability of passing here.</param>
/// <param name="Note">Shows when the edge is pointed at; null without.</param>
public readonly record struct TreeEdge(double X0, double Y0, double X1, double Y1, double Weight, string? Note = null);

/// <param name="AtEnd">Written to the right of its place, as a leaf's name.</param>
public readonly record struct TreeNode(double X, double Y, string Label, bool AtEnd = false);
