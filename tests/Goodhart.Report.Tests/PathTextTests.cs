using System.Globalization;
using System.Text.RegularExpressions;
using System.Xml.Linq;
using Goodhart.Report.Charts;
using Goodhart.Report.Drawing;
using Goodhart.Report.Svg;
using Xunit;

namespace Goodhart.Report.Tests;

/// <summary>Lines are written by distances; their markers, written by places, say where the points are.</summary>
public class PathTextTests
{
    private static readonly XNamespace Svg = "http://www.w3.org/2000/svg";

    [Fact]
    public void Distances_add_up_to_the_points()
    {
        Random random = new Random(7);
        ChartPoint[] points =
        [
            .. Enumerable.Range(0, 3000).Select(_ => new ChartPoint(random.NextDouble(), Math.Round(random.NextDouble() * 3) / 3)),
        ];

        (List<(double X, double Y)>? line, List<(double X, double Y)>? places) = Draw(points);
        int next = 0;
        foreach ((double x, double y) in line)
        {
            next = places.FindIndex(next, p => Math.Abs(p.X - x) < 0.001 && Math.Abs(p.Y - y) < 0.001);
            Assert.True(next >= 0, $"({x}, {y}) is none of the points, in their order");
        }

        // Level stretches may be one: what is left are corners.
        Assert.InRange(line.Count, 1500, 3000);
    }

    [Fact]
    public void A_level_stretch_is_one_piece_as_far_as_it_goes_one_way()
    {
        ChartPoint[] points = [new(0, 0.5), new(0.1, 0.5), new(0.2, 0.5), new(0.9, 0.5), new(0.4, 0.5), new(0.4, 0.1)];

        (List<(double X, double Y)>? line, List<(double X, double Y)>? places) = Draw(points);
        Assert.Equal(
            [places[0], places[3], places[4], places[5]], line, (a, b) => Math.Abs(a.X - b.X) < 0.001 && Math.Abs(a.Y - b.Y) < 0.001);
    }

    private static (List<(double X, double Y)> Line, List<(double X, double Y)> Places) Draw(ChartPoint[] points)
    {
        XElement svg = FigureSvg.Render(SmallFigure.With(new LineMark(Palette.Series(0), MarkerShape.Circle, points)));
        XElement panel = svg.Descendants(Svg + "g").Single(g => g.Attribute("clip-path") is not null);
        return (
            Read(panel.Descendants(Svg + "path").Single().Attribute("d")!.Value),
            [.. panel.Descendants(Svg + "circle").Select(c => (Number(c.Attribute("cx")!.Value), Number(c.Attribute("cy")!.Value)))]);
    }

    private static List<(double X, double Y)> Read(string path)
    {
        List<(double X, double Y)> read = [];
        foreach (Match part in Regex.Matches(path, "(?<letter>[A-Za-z])(?<numbers>[^A-Za-z]*)"))
        {
            bool level = part.Groups["letter"].Value == "h";
            Assert.Contains(part.Groups["letter"].Value, (string[])["M", "l", "h"]);
            foreach (double[] step
                in Regex.Matches(part.Groups["numbers"].Value, @"-?[0-9]*\.?[0-9]+").Select(n => Number(n.Value)).Chunk(level ? 1 : 2))
            {
                (double x, double y) = read.Count == 0 ? (0, 0) : read[^1];
                read.Add((x + step[0], y + (level ? 0 : step[1])));
            }
        }

        return read;
    }

    private static double Number(string text) => double.Parse(text, CultureInfo.InvariantCulture);
}
