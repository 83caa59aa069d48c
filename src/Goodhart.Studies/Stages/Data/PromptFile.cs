using System.Text.Json;
using System.Text.Json.Nodes;
using Goodhart.Text.Data;
using Goodhart.Text.Datasets;
using Goodhart.Text.Datasets.Files;

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

        string column = source.ColumnMap().Of("prompt");
        return DataFile.Open(source.Data.Path).Rows().Select(row => new SftRow(
            row.Index, Text(row, column) ?? throw row.Error(column, "expected a text, as in the first row"), ""));
    }

    /// <summary>Null where the first row has a text as its prompt.</summary>
    private static Dataset? Dataset(RowSource source)
    {
        DataFile file = DataFile.Open(source.Data.Path);
        return file.Rows().FirstOrDefault() is { } first && Text(first, source.ColumnMap().Of("prompt")) is not null
            ? null
            : source.OpenData();
    }

    private static string? Text(DataRow row, string column) =>
        row.Fields[column] is JsonValue value && value.GetValueKind() == JsonValueKind.String ? value.GetValue<string>() : null;
}
