using System.Globalization;

namespace Goodhart.GpuCheck.Parts;

/// <summary>A study's points.csv as numbers.</summary>
internal sealed class PointTable
{
    private readonly string[] header;
    private readonly string[][] rows;

    private PointTable(string[] header, string[][] rows) => (this.header, this.rows) = (header, rows);

    public int Rows => rows.Length;

    public double this[string column, int row] =>
        double.TryParse(rows[row][Array.IndexOf(header, column)], NumberStyles.Float, CultureInfo.InvariantCulture, out double value)
            ? value
            : double.NaN;

    /// <exception cref="InvalidDataException">No rows.</exception>
    public static PointTable Read(string path)
    {
        string[] lines = File.ReadAllLines(path);
        return lines.Length > 1
            ? new PointTable(lines[0].Split(','), [.. lines.Skip(1).Select(line => line.Split(','))])
            : throw new InvalidDataException($"{path}: expected a header and rows, found {lines.Length} lines.");
    }

    /// <summary>The largest distance in a column, and where; a number beside none is infinitely far.</summary>
    public (double Largest, int Row) Distance(PointTable other, string column)
    {
        (double largest, int at) = (0, 0);
        for (int row = 0; row < Rows; row++)
        {
            (double a, double b) = (this[column, row], other[column, row]);
            double distance = double.IsNaN(a) && double.IsNaN(b) ? 0 : double.IsFinite(a - b) ? Math.Abs(a - b) : double.PositiveInfinity;
            if (distance > largest)
            {
                (largest, at) = (distance, row);
            }
        }

        return (largest, at);
    }
}
