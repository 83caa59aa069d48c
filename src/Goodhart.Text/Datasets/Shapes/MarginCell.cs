using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using Goodhart.Text.Datasets.Files;

namespace Goodhart.Text.Datasets.Shapes;

/// <summary>A pair's margin: a number, or its text in files that have texts only.</summary>
internal static class MarginCell
{
    public const string Role = "margin";

    /// <returns>Null where there is none, or something else.</returns>
    public static double? Read(DataRow row, ColumnMap columns) => row.Fields[columns.Of(Role)] switch
    {
        JsonValue value when value.GetValueKind() == JsonValueKind.Number => Finite(value.GetValue<double>()),
        JsonValue value when value.GetValueKind() == JsonValueKind.String
            && double.TryParse(value.GetValue<string>(), NumberStyles.Float, CultureInfo.InvariantCulture, out double number) => Finite(number),
        _ => null,
    };

    private static double? Finite(double number) => double.IsFinite(number) ? number : null;
}
