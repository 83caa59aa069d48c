using Goodhart.Text.Data;
using Goodhart.Text.Datasets;
using Goodhart.Text.Datasets.Files;
using Goodhart.Text.Datasets.Shapes;

namespace Goodhart.Studies.Stages.Data;

/// <summary>The prompts of any file: a column of texts is enough; preference and SFT data are read as such, their responses left out.</summary>
internal static class PromptFile
{
    /// <exception cref="InvalidDataException">No prompts; the message says what was found.</exception>
    public static void Check(RowSource source) => Dataset(source);

    public static IEnumerable<SftRow> Read(RowSource source, SkipTally tally)
    {
        if (Dataset(source) is { } dataset)
        {
            return dataset.Examples(tally).Select(row => row with { Completion = "" });
        }

        ColumnMap columns = source.ColumnMap();
        return DataFile.Open(source.Data.Path).Rows().Select(row => new SftRow(
            row.Index, AlpacaPrompt.Of(row, columns) ?? throw row.Error(columns.Of("prompt"), "expected a text, as in the first row"), ""));
    }

    /// <summary>Null where the first row has a text as its prompt.</summary>
    private static Dataset? Dataset(RowSource source)
    {
        DataFile file = DataFile.Open(source.Data.Path);
        return file.Rows().FirstOrDefault() is { } first && AlpacaPrompt.Of(first, source.ColumnMap()) is not null ? null : source.OpenData();
    }
}
