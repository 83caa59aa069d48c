using System.Text.Json.Nodes;
using Goodhart.Steps.Folders;
using Goodhart.Text.Datasets;
using Goodhart.Text.Datasets.Conversations;
using Goodhart.Text.Datasets.Files;

namespace Goodhart.Steps.Rows;

/// <summary>A prompt of a file.</summary>
/// <param name="Row">Its place in the file, from 0: the address of its noise.</param>
/// <param name="Text">Null where the file has token ids only.</param>
public sealed record PromptRow(int Row, string? Text, int[] Ids);

/// <summary>
/// Prompts from any file of rows: a column <c>promptIds</c>, or else the prompts as <see cref="Dataset.Prompts"/> reads them.
/// </summary>
public static class PromptReader
{
    /// <param name="reading">Of texts; token ids are taken as they are.</param>
    /// <param name="chat">What writes conversations; null: HH's layout.</param>
    /// <param name="limit">The first so many rows; null: all.</param>
    /// <param name="maxNewTokens">Room that a response needs after each prompt.</param>
    /// <param name="told">Is told what was not used.</param>
    /// <exception cref="InvalidDataException">No prompts, a bad row, columns named beside token ids, or a prompt too long; the message has
    /// file and line.</exception>
    public static IReadOnlyList<PromptRow> Read(
        LoadedModel model, string path, RowReading reading, ConversationTemplate? chat, int? limit, int maxNewTokens,
        Action<RowAccount>? told)
    {
        DataFile file = DataFile.Open(path);
        TokenRows tokens = new(model);
        SkipTally tally = new();
        PromptRow[] prompts;
        if (TokenRows.AreIn(file, reading))
        {
            IEnumerable<(DataRow, string?, int[])> rows = RawRows.Read(
                file, reading, row => (row, TextBesideIds(row), tokens.Prompt(row)), tally);

            // The share of bad rows is that of the whole file.
            prompts =
            [
                .. First(reading.MaxBadRows is null ? rows : rows.ToArray()).Select(row => Fitting(row.Item1, row.Item2, row.Item3)),
            ];
            told?.Invoke(RawRows.Account(file, tally, TokenRows.IdsColumn("prompt"), "prompt"));
        }
        else
        {
            Dataset data = Dataset.OpenPrompts(path, reading, chat);
            prompts = [.. First(data.Prompts(tally)).Select(prompt => WithText(data, prompt))];
            told?.Invoke(RowAccount.Of(data, tally));
        }

        return prompts.Length > 0 ? prompts : throw new InvalidDataException($"{path}: expected prompts, found no row.");

        IEnumerable<T> First<T>(IEnumerable<T> rows) => rows.Take(limit ?? int.MaxValue);

        PromptRow WithText(Dataset data, PromptText prompt)
        {
            DataRow row = new(prompt.Source.File, prompt.Source.Index, prompt.Source.Place, new JsonObject { ["prompt"] = prompt.Text });
            return Fitting(row, prompt.Text, data.WritesSpecialTokens ? tokens.CompletePrompt(row) : tokens.Prompt(row));
        }

        PromptRow Fitting(DataRow row, string? text, int[] ids)
        {
            tokens.RequireRoom(
                row,
                ids.Length + maxNewTokens,
                FormattableString.Invariant($"the prompt has {ids.Length}. Shorten it, or lower --max-new-tokens from {maxNewTokens}"));
            return new PromptRow(row.Index, text, ids);
        }
    }

    private static string? TextBesideIds(DataRow row) => row.Fields["prompt"] switch
    {
        null => null,
        JsonValue value when value.TryGetValue(out string? text) => text,
        _ => throw row.Error("prompt", "expected a text beside promptIds, found something else; leave promptIds out to have it read"),
    };
}
