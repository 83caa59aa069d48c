using Goodhart.Text.Datasets;
using Goodhart.Text.Truncation;

namespace Goodhart.Steps.Rows;

/// <summary>The prompts of any file, as <see cref="Dataset.Prompts"/> reads them.</summary>
internal static class PromptFile
{
    /// <exception cref="InvalidDataException">No prompts; the message says what was found.</exception>
    public static void Check(FileRows source) => source.OpenPrompts();

    /// <summary>A file's prompts, cut at their beginning so that each leaves room for a response.</summary>
    /// <param name="positions">Of the models.</param>
    /// <param name="maxPromptTokens">Null: what the positions leave.</param>
    /// <exception cref="InvalidDataException">They leave too little.</exception>
    public static TokenizePrompts LeavingRoom(
        string path, RowReading reading, TokenizerFiles tokenizer, int positions, int? maxPromptTokens, int maxNewTokens)
    {
        int room = positions - maxNewTokens;
        int most = maxPromptTokens ?? room;
        return most >= 1 && most <= room
            ? new TokenizePrompts
            {
                Source = new StageData(reading, new LengthBudget(most + 1, most), new KeepEnd()).Source(path, tokenizer),
            }
            : throw new InvalidDataException(FormattableString.Invariant(
                $"the models have {positions} positions, too few for {maxPromptTokens ?? 1} of a prompt ")
                + FormattableString.Invariant($"and {maxNewTokens} new ones: lower --max-prompt-tokens or --max-new-tokens."));
    }
}
