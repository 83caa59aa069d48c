using Goodhart.Studies.Stages.Running;
using Goodhart.Text.Data;
using Goodhart.Text.Datasets;
using Goodhart.Text.Datasets.Files;
using Goodhart.Text.Datasets.Shapes;
using Goodhart.Text.Truncation;

namespace Goodhart.Studies.Stages.Data;

/// <summary>The prompts of any file: a column of texts is enough; preference and SFT data are read as such, their responses left out.</summary>
internal static class PromptFile
{
    /// <exception cref="InvalidDataException">No prompts; the message says what was found.</exception>
    public static void Check(FileRows source) => Dataset(source);

    /// <summary>A file's prompts, cut at their beginning so that each leaves room for a response.</summary>
    /// <param name="positions">Of the models.</param>
    /// <param name="maxPromptTokens">Null: what the positions leave.</param>
    /// <exception cref="InvalidDataException">They leave too little.</exception>
    public static TokenizePrompts LeavingRoom(
        string path, ColumnMap columns, TokenizerFiles tokenizer, int positions, int? maxPromptTokens, int maxNewTokens)
    {
        int room = positions - maxNewTokens;
        int most = maxPromptTokens ?? room;
        return most >= 1 && most <= room
            ? new TokenizePrompts { Source = new StageData(columns, new LengthBudget(most + 1, most), new KeepEnd()).Source(path, tokenizer) }
            : throw new InvalidDataException(FormattableString.Invariant(
                $"the models have {positions} positions, too few for {maxPromptTokens ?? 1} of a prompt ")
                + FormattableString.Invariant($"and {maxNewTokens} new ones: lower --max-prompt-tokens or --max-new-tokens."));
    }

    public static IEnumerable<SftRow> Read(FileRows source, SkipTally tally)
    {
        if (Dataset(source) is { } dataset)
        {
            return dataset.Examples(tally).Select(row => row with { Completion = "" });
        }

        ColumnMap columns = source.ColumnMap();
        return DataFile.Open(source.Data.Path).Rows().Select(row => new SftRow(
            row.Index, AlpacaPrompt.Of(row, columns) ?? throw row.Error(columns.Of("prompt"), "expected a text, as in the first row"), ""));
    }

    /// <summary>Null where the first row has a text as its prompt; of unpaired data the desirable responses' prompts are wanted.</summary>
    private static Dataset? Dataset(FileRows source)
    {
        ColumnMap columns = source.ColumnMap();
        return DataFile.Open(source.Data.Path).Rows().FirstOrDefault() is { } first
            && AlpacaPrompt.Of(first, columns) is not null && !LabelledExamples.AreIn(first, columns) ? null : source.OpenData();
    }
}
