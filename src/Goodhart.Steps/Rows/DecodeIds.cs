using System.Text.Json.Nodes;
using Goodhart.Text.Datasets.Files;
using Goodhart.Text.Tokenizers;

namespace Goodhart.Steps.Rows;

/// <summary>Adds <c>text</c> to rows with ids; special tokens are spelled out.</summary>
public sealed record DecodeIds : TranslateRows
{
    public override string Line(ITokenizer tokenizer, DataRow row)
    {
        if (row.Fields[Column] is not JsonArray array)
        {
            throw row.Error(Column, $"expected a list of token ids, found none; {Others(row)}");
        }

        int[] ids = [.. array.Select(item => item is JsonValue value && value.TryGetValue(out int id)
            ? id
            : throw row.Error(Column, $"expected token ids, found {item?.ToJsonString() ?? "null"}"))];
        return With(row, ("text", JsonValue.Create(Try(row, () => tokenizer.Decode(ids)))));
    }
}
