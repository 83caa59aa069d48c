using Goodhart.Text.Datasets.Conversations;
using Goodhart.Text.Datasets.Files;

namespace Goodhart.Text.Datasets;

/// <summary>Rows whose prompt is not how the text with an answer begins, and the first of them.</summary>
internal sealed class MismatchTally
{
    private string? first;

    public int Count { get; private set; }

    public void Add(DataRow row, PrefixMismatchException mismatch)
    {
        first ??= $"{row.File} {row.Place}: {mismatch.Message}";
        Count++;
    }

    /// <exception cref="InvalidDataException">There is one.</exception>
    public void Refuse(int rows)
    {
        if (first is not null)
        {
            throw new InvalidDataException(FormattableString.Invariant(
                $"{first}. {Count} of {Quantity.Of(rows, "row")} {Quantity.Noun(Count, "is", "are")} such. ")
                + "--prefix-mismatch common takes what prompt and answers share as the prompt, as TRL does; "
                + "--chat-template plain or a template file writes the conversations otherwise.");
        }
    }
}
