using System.Globalization;
using System.Text;

namespace Goodhart.Report.Svg;

/// <summary>Writes the <c>d</c> attribute of a path. Two decimals, invariant culture: the same figure gives the same bytes
/// everywhere.</summary>
internal sealed class PathText
{
    private readonly StringBuilder text = new();

    public static string Format(double value)
    {
        var rounded = Math.Round(value, 2, MidpointRounding.AwayFromZero);
        return (rounded == 0 ? 0 : rounded).ToString("0.##", CultureInfo.InvariantCulture);
    }

    public PathText Move(double x, double y) => Append('M', x, y);

    public PathText Line(double x, double y) => Append('L', x, y);

    public PathText Horizontal(double x)
    {
        text.Append('H').Append(Format(x));
        return this;
    }

    public PathText Vertical(double y)
    {
        text.Append('V').Append(Format(y));
        return this;
    }

    public PathText Close()
    {
        text.Append('Z');
        return this;
    }

    public PathText Through(IEnumerable<(double X, double Y)> points)
    {
        var first = true;
        foreach (var (x, y) in points)
        {
            _ = first ? Move(x, y) : Line(x, y);
            first = false;
        }

        return this;
    }

    public override string ToString() => text.ToString();

    private PathText Append(char command, double x, double y)
    {
        text.Append(command).Append(Format(x)).Append(' ').Append(Format(y));
        return this;
    }
}
