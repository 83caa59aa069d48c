using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Goodhart.Text.Datasets.Shapes;

/// <summary>A pair's margin: a number of any kind, or its text in files that have texts only.</summary>
internal static class MarginCell
{
    public const string Role = "margin";

    /// <returns>Null where there is none, or something else.</returns>
    public static double? Find(Cells cells) => cells.Find(Role) is JsonValue value && Text(value) is { } text
        && double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out double number) && double.IsFinite(number)
        ? number : null;

    /// <returns>Null where there is none.</returns>
    /// <exception cref="InvalidDataException">Something else; the message has file, line and column.</exception>
    public static double? Read(Cells cells) => cells.IsMissing(Role) ? null : Find(cells) ?? throw Fault(cells);

    /// <summary>Of a cell that is not missing and not a number.</summary>
    public static InvalidDataException Fault(Cells cells) => cells.Row.Error(
        cells.Columns.Of(Role),
        $"expected a number, found {cells.Find(Role)?.ToJsonString() ?? cells.Row.Found(cells.Columns.Of(Role), null)}; "
            + "--columns margin= leaves the column out");

    private static string? Text(JsonValue value) => value.GetValueKind() switch
    {
        JsonValueKind.Number => value.ToJsonString(),
        JsonValueKind.String => value.GetValue<string>(),
        _ => null,
    };
}
