using System.Text.Json;
using System.Text.Json.Nodes;
using Goodhart.Evaluation.Judges;
using Goodhart.Models.HuggingFace;
using Goodhart.Steps.Rows;
using Goodhart.Text.Datasets;
using Goodhart.Text.Datasets.Files;
using Goodhart.Text.Tokenizers;

namespace Goodhart.Steps.Judging;

/// <summary>A response of a file.</summary>
/// <param name="Row">Its place in the file, from 0.</param>
/// <param name="WrittenByTemplate">Whether the model's own template has written the prompt here.</param>
public sealed record ResponseRow(int Row, string Prompt, JudgedResponse Response, bool WrittenByTemplate = false);

/// <summary>
/// Responses to judge: JSON lines of <c>goodhart sample</c> or <c>evaluate</c> or any tool (columns <c>prompt</c> and <c>response</c>), the
/// world's prompts (<c>reference</c>), or a data set, whose completion or chosen response is taken; a prompt may be messages in either.
/// </summary>
public static class ResponseRows
{
    private const string FinishColumn = "finishReason";

    private static readonly string[] ResponseColumns = ["response", "reference"];

    /// <param name="asked">What wrote the conversations that the model was asked; null: HH's layout.</param>
    /// <param name="told">Is told what was not used.</param>
    /// <exception cref="InvalidDataException">No responses, or a bad row; the message has file and line.</exception>
    public static IReadOnlyList<ResponseRow> Read(
        string path, RowReading reading, TokenizerFiles? asked = null, Action<RowAccount>? told = null)
    {
        DataFile file = DataFile.Open(path);
        DataRow first = RawRows.First(file, reading) ?? throw new InvalidDataException($"{path}: expected responses, found no row.");
        ColumnMap columns = reading.Columns;
        string prompt = columns.Of("prompt");
        string? response = Text(first, prompt) is null
            ? null
            : columns.Named.Keys.Any(role => role != "prompt")
            ? null
            : Array.Find(ResponseColumns, column => Text(first, column) is not null);
        SkipTally tally = new();
        ResponseRow[] rows;
        if (response is null)
        {
            ColumnMap named = ResponseColumns.Aggregate(columns, (map, column) => map.Or(first, "completion", column));
            Dataset data = Dataset.Open(path, reading with { Columns = named }, asked?.Chat?.Open());
            Func<string, string> answer = data.WritesSpecialTokens ? Answer(asked!) : text => text;
            rows =
            [
                .. data.Examples(tally).Select(row => new ResponseRow(
                    row.Id, row.Prompt, JudgedResponse.Of(answer(row.Completion)), data.WritesSpecialTokens)),
            ];
            told?.Invoke(RowAccount.Of(data, tally));
        }
        else
        {
            rows = [.. RawRows.Read(file, reading, row => OfResponse(row, prompt, response), tally)];
            told?.Invoke(RawRows.Account(file, tally, prompt, response, FinishColumn));
        }

        return rows.Length > 0 ? rows : throw new InvalidDataException($"{path}: expected responses, found no row that can be used.");
    }

    /// <summary>An answer without what a template writes at its end, as a sample comes: no judge shall know the two by that.</summary>
    private static Func<string, string> Answer(TokenizerFiles asked)
    {
        ITokenizer tokenizer = asked.Open();
        IReadOnlyList<int> ends = asked.Ends();
        return text => tokenizer.Decode(EndTokens.Before(tokenizer.EncodeContinued(text), ends));
    }

    private static ResponseRow OfResponse(DataRow row, string prompt, string response) => new(
        row.Index,
        Required(row, prompt),
        JudgedResponse.Of(Required(row, response), Text(row, FinishColumn) != "length"));

    private static string Required(DataRow row, string column) =>
        Text(row, column) ?? throw row.Error(column, "expected a text, as in the first row");

    private static string? Text(DataRow row, string column) =>
        row.Fields[column] is JsonValue value && value.GetValueKind() == JsonValueKind.String ? value.GetValue<string>() : null;
}
