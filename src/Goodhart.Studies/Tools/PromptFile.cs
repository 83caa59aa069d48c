using Goodhart.Text.Data;
using Goodhart.Text.Datasets;
using Goodhart.Text.Datasets.Files;

namespace Goodhart.Studies.Tools;

/// <summary>A prompt of a file.</summary>
/// <param name="Row">Its place in the file, from 0: the address of its noise.</param>
/// <param name="Text">Null where the file has token ids only.</param>
public sealed record PromptRow(int Row, string? Text, int[] Ids);

/// <summary>Prompts from any file of rows: columns <c>prompt</c> or <c>promptIds</c>, or the prompts of preference or SFT data.</summary>
public static class PromptFile
{
    /// <param name="limit">The first so many rows; null: all.</param>
    /// <param name="maxNewTokens">Room that a response needs after each prompt.</param>
    /// <exception cref="InvalidDataException">No prompts, a bad row, or a prompt too long; the message has file and line.</exception>
    public static IReadOnlyList<PromptRow> Read(LoadedModel model, string path, int? limit, int maxNewTokens)
    {
        DataFile file = DataFile.Open(path);
        TokenRows tokens = new(model);
        PromptRow[] prompts = [.. Rows().Take(limit ?? int.MaxValue).Select(Prompt)];
        return prompts.Length > 0 ? prompts : throw new InvalidDataException($"{path}: expected prompts, found no row.");

        IEnumerable<DataRow> Rows() => file.Rows().FirstOrDefault() is { } first && !HasPrompt(first) ? Prompted(path) : file.Rows();

        PromptRow Prompt(DataRow row)
        {
            int[] ids = tokens.Prompt(row);
            tokens.RequireRoom(
                row,
                ids.Length + maxNewTokens,
                FormattableString.Invariant($"the prompt has {ids.Length}. Shorten it, or lower --max-new-tokens from {maxNewTokens}"));
            return new PromptRow(row.Index, row.Fields["prompt"] is { } text ? text.GetValue<string>() : null, ids);
        }
    }

    private static bool HasPrompt(DataRow row) =>
        row.Fields["promptIds"] is not null || row.Fields["prompt"]?.GetValueKind() == System.Text.Json.JsonValueKind.String;

    /// <summary>Conversations and whole dialogues: what the data set's own reading takes for the prompt.</summary>
    private static IEnumerable<DataRow> Prompted(string path)
    {
        Dataset data = Dataset.Open(path);
        foreach (SftRow row in data.Whole())
        {
            yield return new DataRow(
                data.File.Name, row.Id, FormattableString.Invariant($"row {row.Id + 1}"), new() { ["prompt"] = row.Prompt });
        }
    }
}
