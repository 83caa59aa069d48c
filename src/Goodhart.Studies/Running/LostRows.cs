using System.Globalization;
using Goodhart.Steps.Rows;
using Goodhart.Text;
using Goodhart.Text.Truncation;

namespace Goodhart.Studies.Running;

/// <summary>What tokenising a file lost, in words.</summary>
internal static class LostRows
{
    /// <summary>Null where nothing was lost.</summary>
    public static string? Line(string model, TokenizeRows rows, TokenizedData data)
    {
        TruncationReport lost = data.Truncation;
        int skipped = data.Skipped.Values.Sum();
        string bad = string.Concat(data.BadRows.Select(row => $" {row}.").Concat(data.BadMargins.Select(margin => $" {margin.AsMargin}.")));
        string unused = data.Unused.Count == 0 ? "" : $" Columns not used: {string.Join(", ", data.Unused)}.";
        return skipped + lost.Dropped + lost.Cut == 0 && unused.Length + bad.Length == 0
            ? null
            : string.Create(
                CultureInfo.InvariantCulture,
                $"{rows.Label}, model {model}: of {Quantity.Of(data.Read, "row")} {skipped} skipped, {lost.Dropped} dropped as too long, "
                    + $"{lost.Cut} cut ({Quantity.Of(lost.PromptTokensLost, "token")} of prompts, {lost.ResponseTokensLost} of "
                    + $"responses).{bad}{unused}");
    }
}
