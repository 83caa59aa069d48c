using System.Text.Json;
using System.Text.Json.Nodes;
using Goodhart.Text.Datasets.Files;
using Goodhart.Text.Tokenizers;

namespace Goodhart.Studies.Tools;

/// <summary>Rows with their texts as token ids, and back; one row at a time.</summary>
public sealed class TokenizeRows(ITokenizer tokenizer)
{
    /// <summary>
    /// Adds <c>ids</c> and <c>tokens</c> (as the tokenizer's file spells them) to a row with a text. Nothing is put at either end.
    /// </summary>
    /// <exception cref="InvalidDataException">No text, or one that the tokenizer does not know.</exception>
    public string Encode(DataRow row, string column = "text")
    {
        if (row.Fields[column] is not JsonValue value || !value.TryGetValue(out string? text))
        {
            throw row.Error(column, $"expected a string, found none; {Others(row)}");
        }

        int[] ids = Try(row, column, () => tokenizer.Encode(text));
        return With(row, ("ids", JsonSerializer.SerializeToNode(ids)), ("tokens", JsonSerializer.SerializeToNode(ids.Select(tokenizer.TokenOf))));
    }

    /// <summary>Adds <c>text</c> to a row with ids; special tokens are spelled out.</summary>
    /// <exception cref="InvalidDataException">No ids, or one outside the vocabulary.</exception>
    public string Decode(DataRow row, string column = "ids")
    {
        if (row.Fields[column] is not JsonArray array)
        {
            throw row.Error(column, $"expected a list of token ids, found none; {Others(row)}");
        }

        int[] ids = [.. array.Select(item => item is JsonValue value && value.TryGetValue(out int id)
            ? id
            : throw row.Error(column, $"expected token ids, found {item?.ToJsonString() ?? "null"}"))];
        return With(row, ("text", JsonValue.Create(Try(row, column, () => tokenizer.Decode(ids)))));
    }

    private static string Others(DataRow row) =>
        $"the row has {(row.Fields.Count == 0 ? "no columns" : string.Join(", ", row.Fields.Select(field => field.Key)))}; name one with --column";

    private static string With(DataRow row, params ReadOnlySpan<(string Name, JsonNode? Value)> added)
    {
        JsonObject fields = (JsonObject)row.Fields.DeepClone();
        foreach ((string name, JsonNode? value) in added)
        {
            fields[name] = value;
        }

        return fields.ToJsonString(JsonLines.Options);
    }

    private static T Try<T>(DataRow row, string column, Func<T> work)
    {
        try
        {
            return work();
        }
        catch (TokenizerException fault)
        {
            throw row.Error(column, fault.Message.TrimEnd('.'));
        }
    }
}
