using System.Globalization;
using System.Text;

namespace Goodhart.Report.Drawing;

/// <summary>Writes the <c>d</c> attribute of a path. Two decimals, invariant culture: the same figure gives the same bytes
/// everywhere.</summary>
/// <remarks>Within a line points are written by their distance from the one before, which is a third of the text. Distances are between
/// rounded places, so that errors do not add up.</remarks>
internal sealed class PathText
{
    private readonly StringBuilder text = new();
    private char command;
    private long atX;
    private long atY;

    /// <summary>A level stretch that may go on; not written yet.</summary>
    private long level;

    public static string Format(double value) => Text(Hundredths(value));

    public PathText Move(double x, double y) => Absolute('M', x, y);

    public PathText Line(double x, double y) => Absolute('L', x, y);

    public PathText Horizontal(double x)
    {
        Flush();
        atX = Hundredths(x);
        return Write('H', Text(atX));
    }

    public PathText Vertical(double y)
    {
        Flush();
        atY = Hundredths(y);
        return Write('V', Text(atY));
    }

    public PathText Close()
    {
        Flush();
        return Write('Z');
    }

    public PathText Through(IEnumerable<(double X, double Y)> points)
    {
        bool first = true;
        foreach ((double x, double y) in points)
        {
            _ = first ? Move(x, y) : Step(Hundredths(x), Hundredths(y));
            first = false;
        }

        Flush();
        return this;
    }

    public override string ToString() => text.ToString();

    private static long Hundredths(double value) => (long)Math.Round(value * 100, MidpointRounding.AwayFromZero);

    private static string Text(long hundredths) => (hundredths / 100m).ToString("0.##", CultureInfo.InvariantCulture);

    private PathText Step(long x, long y)
    {
        (long across, long up) = (x - atX, y - atY);
        (atX, atY) = (x, y);
        if (up == 0 && (level == 0 || Math.Sign(level) == Math.Sign(across)))
        {
            level += across;
            return this;
        }

        Flush();
        return up == 0 ? Later(across) : Write('l', Distance(across), Distance(up));
    }

    private PathText Later(long across)
    {
        level = across;
        return this;
    }

    private void Flush()
    {
        if (level != 0)
        {
            Write('h', Distance(level));
            level = 0;
        }
    }

    // As a distance 0.5 is .5.
    private static string Distance(long hundredths)
    {
        string number = Text(hundredths);
        return number.StartsWith("0.", StringComparison.Ordinal) ? number[1..]
            : number.StartsWith("-0.", StringComparison.Ordinal) ? "-" + number[2..] : number;
    }

    private PathText Absolute(char letter, double x, double y)
    {
        Flush();
        (atX, atY) = (Hundredths(x), Hundredths(y));
        return Write(letter, Text(atX), Text(atY));
    }

    /// <summary>The letter only where it changes; a blank only where a sign does not part the numbers.</summary>
    private PathText Write(char letter, params ReadOnlySpan<string> numbers)
    {
        bool repeated = letter == command && letter == 'l';
        if (!repeated)
        {
            text.Append(letter);
            command = letter;
        }

        for (int k = 0; k < numbers.Length; k++)
        {
            if ((k > 0 || repeated) && numbers[k][0] != '-')
            {
                text.Append(' ');
            }

            text.Append(numbers[k]);
        }

        return this;
    }
}
