using Goodhart.Text.Datasets.Files;

namespace Goodhart.Text.Datasets.Shapes;

/// <summary>
/// The prompt of Alpaca's columns as LLaMA-Factory documents it: <c>instruction</c>, a line break, <c>input</c>; either may be empty.
/// </summary>
public static class AlpacaPrompt
{
    internal const string Instruction = "instruction";

    internal const string Input = "input";

    /// <summary>The prompt of any row that has one as text, joined with its input where the columns are Alpaca's; null without one.</summary>
    public static string? Of(DataRow row, ColumnMap columns)
    {
        ArgumentNullException.ThrowIfNull(columns);
        Cells cells = new(row, columns);
        return IsIn(cells) ? Joined(cells) : cells.IsText("prompt") ? cells.Text("prompt") : null;
    }

    /// <summary>An <c>input</c> beside a prompt of another name is some other column, unless the user says that it is this one.</summary>
    internal static bool IsIn(Cells cells) => cells.IsText("prompt") && cells.Has(Input)
        && (cells.Columns.Of("prompt") == Instruction || cells.Columns.Named.ContainsKey(Input));

    /// <summary>Null where both are empty.</summary>
    internal static string? Joined(Cells cells)
    {
        string[] parts = [.. new[] { "prompt", Input }.Where(role => !cells.IsMissing(role)).Select(cells.Text).Where(text => text.Length > 0)];
        return parts.Length == 0 ? null : string.Join('\n', parts);
    }
}
