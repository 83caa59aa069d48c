using System.Text.Json;
using System.Text.Json.Nodes;
using Goodhart.Text.Datasets.Files;
using Goodhart.Text.Tokenizers;

namespace Goodhart.Steps.Rows;

/// <summary>
/// Adds <c>ids</c> and <c>tokens</c> (as the tokenizer's file spells them) to rows with a text. Nothing is put at either end.
/// </summary>
public sealed record EncodeTexts : TranslateRows
{
    public override string Line(ITokenizer tokenizer, DataRow row)
    {
        if (row.Fields[Column] is not JsonValue value || !value.TryGetValue(out string? text))
        {
            throw row.Error(Column, $"expected a string, found none; {Others(row)}");
        }

        int[] ids = Try(row, () => tokenizer.Encode(text));
        return With(
            row, ("ids", JsonSerializer.SerializeToNode(ids)), ("tokens", JsonSerializer.SerializeToNode(ids.Select(tokenizer.TokenOf))));
    }
}
