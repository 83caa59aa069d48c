using System.Text.Json.Nodes;
using Goodhart.Text.Datasets;
using Goodhart.Text.Datasets.Files;

namespace Goodhart.Studies.Tools;

/// <summary>A prompt of a file.</summary>
/// <param name="Row">Its place in the file, from 0: the address of its noise.</param>
/// <param name="Text">Null where the file has token ids only.</param>
public sealed record PromptRow(int Row, string? Text, int[] Ids);

/// <summary>Prompts from any file of rows: a column <c>promptIds</c>, or else the prompts as <see cref="Dataset.Prompts"/> reads them.</summary>
public static class PromptFile
{
    /// <param name="reading">Of texts; token ids are taken as they are.</param>
    /// <param name="limit">The first so many rows; null: all.</param>
    /// <param name="maxNewTokens">Room that a response needs after each prompt.</param>
    /// <param name="tally">Counts rows without a prompt.</param>
    /// <exception cref="InvalidDataException">No prompts, a bad row, or a prompt too long; the message has file and line.</exception>
    public static IReadOnlyList<PromptRow> Read(LoadedModel model, string path, RowReading reading, int? limit, int maxNewTokens, SkipTally? tally = null)
    {
        DataFile file = DataFile.Open(path);
        TokenRows tokens = new(model);
        bool hasIds = file.Rows(reading.MaxBadRows is null ? null : _ => { }).FirstOrDefault()?.Fields["promptIds"] is not null;
        IEnumerable<PromptRow> all = hasIds ? file.Rows().Select(WithIds) : Dataset.OpenPrompts(path, reading, model.Chat).Prompts(tally).Select(WithText);
        PromptRow[] prompts = [.. all.Take(limit ?? int.MaxValue)];
        return prompts.Length > 0 ? prompts : throw new InvalidDataException($"{path}: expected prompts, found no row.");

        PromptRow WithIds(DataRow row) => Fitting(row, row.Fields["prompt"] switch
        {
            null => null,
            JsonValue value when value.TryGetValue(out string? text) => text,
            _ => throw row.Error("prompt", "expected a text beside promptIds, found something else; leave promptIds out to have it read"),
        });

        PromptRow WithText(PromptText prompt) => Fitting(
            new DataRow(prompt.Source.File, prompt.Source.Index, prompt.Source.Place, new JsonObject { ["prompt"] = prompt.Text }), prompt.Text);

        PromptRow Fitting(DataRow row, string? text)
        {
            int[] ids = tokens.Prompt(row);
            tokens.RequireRoom(
                row,
                ids.Length + maxNewTokens,
                FormattableString.Invariant($"the prompt has {ids.Length}. Shorten it, or lower --max-new-tokens from {maxNewTokens}"));
            return new PromptRow(row.Index, text, ids);
        }
    }
}
