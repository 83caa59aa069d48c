using System.Text.Json;
using System.Text.Json.Nodes;
using Goodhart.Text.Datasets.Files;
using Goodhart.Text.Tokenizers;

namespace Goodhart.Studies.Tools;

/// <summary>Rows with their texts as token ids, and back; one row at a time.</summary>
public sealed class TokenizeRows(ITokenizer tokenizer)
{
    /// <summary>
    /// Adds <c>ids</c> and <c>tokens</c> (as the tokenizer's file spells them) to a row with <c>text</c>. Nothing is put at either end.
    /// </summary>
    /// <exception cref="InvalidDataException">No text, or one that the tokenizer does not know.</exception>
    public string Encode(DataRow row)
    {
        if (row.Fields["text"] is not JsonValue value || !value.TryGetValue(out string? text))
        {
            throw row.Error("text", "expected a string, found none");
        }

        int[] ids = Try(row, "text", () => tokenizer.Encode(text));
        return With(row, ("ids", JsonSerializer.SerializeToNode(ids)), ("tokens", JsonSerializer.SerializeToNode(ids.Select(tokenizer.TokenOf))));
    }

    /// <summary>Adds <c>text</c> to a row with <c>ids</c>; special tokens are spelled out.</summary>
    /// <exception cref="InvalidDataException">No ids, or one outside the vocabulary.</exception>
    public string Decode(DataRow row)
    {
        if (row.Fields["ids"] is not JsonArray array)
        {
            throw row.Error("ids", "expected a list of token ids, found none");
        }

        int[] ids = [.. array.Select(item => item is JsonValue value && value.TryGetValue(out int id)
            ? id
            : throw row.Error("ids", $"expected token ids, found {item?.ToJsonString() ?? "null"}"))];
        return With(row, ("text", JsonValue.Create(Try(row, "ids", () => tokenizer.Decode(ids)))));
    }

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
