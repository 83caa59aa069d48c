using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Goodhart.Text.Datasets.Shapes;

/// <summary>Whether a response is desirable: true or false, 1 or 0, or these as texts in files that have texts only.</summary>
internal static class LabelCell
{
    public const string Role = "label";

    /// <exception cref="InvalidDataException">Something else; the message has file, line and column.</exception>
    public static bool Read(Cells cells) => Find(cells) ?? throw Fault(cells);

    public static InvalidDataException Fault(Cells cells) => cells.Row.Error(
        cells.Columns.Of(Role),
        $"expected true or false, or 1 or 0, found {cells.Find(Role)?.ToJsonString() ?? cells.Row.Found(cells.Columns.Of(Role), null)}");

    /// <returns>Null where the cell says neither.</returns>
    public static bool? Find(Cells cells) => cells.Find(Role) is not JsonValue value ? null : value.GetValueKind() switch
    {
        JsonValueKind.True => true,
        JsonValueKind.False => false,
        JsonValueKind.String => OfText(value.GetValue<string>().Trim()),
        _ => OfNumber(value.ToJsonString()),
    };

    private static bool? OfText(string text) => bool.TryParse(text, out bool flag) ? flag : OfNumber(text);

    private static bool? OfNumber(string text) =>
        double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out double number) && number is 0 or 1 ? number == 1 : null;
}
