using System.Text.Json.Nodes;
using Goodhart.Steps.Folders;
using Goodhart.Text.Datasets;
using Goodhart.Text.Datasets.Files;
using Goodhart.Text.Tokenizers;

namespace Goodhart.Steps.Rows;

/// <summary>Token ids of a row's columns: <c>NAMEIds</c> as they are, else the text in <c>NAME</c> through the model's tokenizer.</summary>
internal sealed class TokenRows(LoadedModel model)
{
    public static string IdsColumn(string column) => column + "Ids";

    /// <summary>Whether a file's prompts are token ids.</summary>
    /// <exception cref="InvalidDataException">They are, and columns of texts are named: which of the two is meant?</exception>
    public static bool AreIn(DataFile file, RowReading reading)
    {
        string column = IdsColumn("prompt");
        bool found = RawRows.First(file, reading)?.Fields[column] is not null;
        return !found || reading.Columns.Named.Count == 0 ? found : throw new InvalidDataException(
            $"{file.Name}: the rows have {column}, which are taken as they are, so the columns that --columns names would not be read; "
            + $"leave --columns out, or the column {column}.");
    }

    public static bool Has(DataRow row, string column) => row.Fields[column] is not null || row.Fields[IdsColumn(column)] is not null;

    public int[] Prompt(DataRow row) => Prompt(row, model.EncodePrompt);

    /// <summary>Of a text that the model's own template wrote, with the special tokens that belong in it: none is added.</summary>
    public int[] CompletePrompt(DataRow row) => Prompt(row, model.EncodeCompletePrompt);

    private int[] Prompt(DataRow row, Func<string, int[]> encode)
    {
        int[] ids = Of(row, "prompt", encode);
        return ids.Length > 0 ? ids : throw row.Error(IdsColumn("prompt"), "expected at least one token id, found none");
    }

    /// <param name="appendEos">To text that does not end with it; ids are never changed.</param>
    public int[] Response(DataRow row, string column, bool appendEos) => Of(row, column, text =>
    {
        int[] ids = model.EncodeResponse(text);
        return appendEos ? [.. ids.AsSpan().TrimEnd(model.EosId), model.EosId] : ids;
    });

    /// <exception cref="InvalidDataException">The row is longer than the model's positions.</exception>
    public void RequireRoom(DataRow row, int tokens, string advice)
    {
        if (tokens > model.Model.MaxPositions)
        {
            throw new InvalidDataException(
                $"{row.File} {row.Place}: {tokens} tokens are more than the {model.Model.MaxPositions} positions of {model.Path}; "
                    + $"{advice}.");
        }
    }

    private int[] Of(DataRow row, string column, Func<string, int[]> encode)
    {
        if (row.Fields[IdsColumn(column)] is { } ids)
        {
            return Ids(row, IdsColumn(column), ids);
        }

        if (row.Fields[column] is not JsonValue value || !value.TryGetValue(out string? text))
        {
            throw row.Error(column, $"expected text here, or token ids in {IdsColumn(column)}; found neither");
        }

        try
        {
            return encode(text);
        }
        catch (TokenizerException fault)
        {
            throw row.Error(column, fault.Message.TrimEnd('.'));
        }
    }

    private int[] Ids(DataRow row, string column, JsonNode node)
    {
        if (node is not JsonArray array)
        {
            throw row.Error(column, "expected a list of token ids, found something else");
        }

        return [.. array.Select((item, i) => Id(row, column, item, i))];
    }

    private int Id(DataRow row, string column, JsonNode? item, int place)
    {
        bool whole = item is JsonValue value && value.TryGetValue(out int id) && id >= 0 && id < model.Model.VocabularySize;
        return whole
            ? item!.GetValue<int>()
            : throw row.Error(
                column,
                FormattableString.Invariant($"expected token ids from 0 to {model.Model.VocabularySize - 1}, ")
                + FormattableString.Invariant($"found {item?.ToJsonString() ?? "null"} at place {place}"));
    }
}
