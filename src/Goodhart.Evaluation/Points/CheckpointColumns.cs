using System.Globalization;
using System.Reflection;
using System.Text.Json;
using CsvHelper;

namespace Goodhart.Evaluation.Points;

/// <summary>The columns of points.csv: the properties of <see cref="CheckpointPoint"/>, in its order, in camel case. A new property is a
/// new column.</summary>
internal static class CheckpointColumns
{
    private static readonly string[] Required = ["loss", "model", "kl"];

    private static readonly PropertyInfo[] Properties = typeof(CheckpointPoint).GetProperties(BindingFlags.Public | BindingFlags.Instance);

    public static void Write(TextWriter writer, IEnumerable<CheckpointPoint> points)
    {
        using CsvWriter csv = CsvWriter.Create(writer, new CsvWriterOptions { NewLine = "\n" }, leaveOpen: true);
        csv.WriteRecord([.. Properties.Select(Name)]);
        foreach (CheckpointPoint point in points)
        {
            // The default format of a double is the shortest text that reads back as the same bits.
            csv.WriteRecord(
                [.. Properties.Select(p => Convert.ToString(p.GetValue(point), CultureInfo.InvariantCulture) ?? string.Empty)]);
        }
    }

    public static IReadOnlyList<CheckpointPoint> Read(CsvFile table)
    {
        foreach (string name in Required)
        {
            table.Require(name);
        }

        (PropertyInfo Property, int Column)[] columns =
            [.. Properties.Where(p => p.CanWrite).Select(p => (p, table.Find(p.Name))).Where(c => c.Item2 >= 0)];
        return [.. table.Rows.Select(row => ReadRow(table, row, columns))];
    }

    /// <summary>evaluation.csv of <c>goodhart evaluate</c>: checkpoints by the names of their folders, the reference among them.</summary>
    /// <returns>With the folder that a checkpoint lies in for its loss: the runs' names.</returns>
    public static IReadOnlyList<CheckpointPoint> ReadEvaluation(CsvFile table)
    {
        int name = table.Require("checkpoint");
        table.Require("kl");
        (PropertyInfo Property, int Column)[] columns =
            [.. Properties.Where(p => p.CanWrite).Select(p => (p, table.Find(p.Name))).Where(c => c.Item2 >= 0)];
        return
        [
            .. table.Rows.Select(row =>
            {
                // The reference has no step: it is where counting begins.
                CheckpointPoint point = ReadRow(table, row, [.. columns.Where(c => row.Fields[c.Column].Length > 0)]);
                string checkpoint = row.Fields[name];
                return point with { Loss = checkpoint == "reference" ? "" : RunOf(checkpoint), Model = "model" };
            }),
        ];
    }

    /// <summary>A run's checkpoints lie side by side.</summary>
    private static string RunOf(string checkpoint) =>
        Path.GetDirectoryName(checkpoint.Replace('\\', '/').TrimEnd('/')) is { Length: > 0 } folder ? folder : checkpoint;

    private static CheckpointPoint ReadRow(CsvFile table, CsvLine row, (PropertyInfo Property, int Column)[] columns)
    {
        CheckpointPoint point = new() { Loss = string.Empty, Model = string.Empty, Kl = 0 };
        foreach ((PropertyInfo property, int column) in columns)
        {
            bool isRate = property.Name is nameof(CheckpointPoint.WinRate) or nameof(CheckpointPoint.WinRateSoft)
                && row.Fields[column].Length > 0;
            property.SetValue(point, isRate ? table.WinRate(row, column) : Value(table, row, column, property.PropertyType));
        }

        return point;
    }

    private static object? Value(CsvFile table, CsvLine row, int column, Type type)
    {
        string text = row.Fields[column];
        Type number = Nullable.GetUnderlyingType(type) ?? type;
        if (type == typeof(string))
        {
            return text;
        }

        if (text.Length == 0 && number != type)
        {
            return null;
        }

        if (number == typeof(double))
        {
            return table.Number(row, column);
        }

        return long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out long whole)
            && (number == typeof(long) || whole == (int)whole)
            ? Convert.ChangeType(whole, number, CultureInfo.InvariantCulture)
            : throw table.Error(row, column, $"expected a whole number, found '{text}'");
    }

    private static string Name(PropertyInfo property) => JsonNamingPolicy.CamelCase.ConvertName(property.Name);
}
