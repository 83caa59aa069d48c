using System.Text.Json.Nodes;
using Goodhart.Steps.Folders;
using Goodhart.Text.Datasets;
using Goodhart.Text.Datasets.Conversations;
using Goodhart.Text.Datasets.Files;
using Goodhart.Text.Datasets.Shapes;
using Goodhart.Text.Tokenizers;
using Goodhart.Text.Truncation;

namespace Goodhart.Steps.Rows;

/// <summary>
/// A file of given responses, as a model reads them: columns <c>promptIds</c> and <c>responseIds</c> (which go first), <c>prompt</c> and
/// <c>response</c> as texts, or any other data: a completion, or both responses of a pair.
/// </summary>
public sealed class ResponseFile
{
    private const string Response = "response";

    private readonly LoadedModel model;
    private readonly DataFile file;
    private readonly RowReading reading;
    private readonly bool appendEos;

    /// <summary>Null where rows are read by the names of their columns.</summary>
    private readonly Dataset? data;

    /// <param name="reading">Of texts; token ids are taken as they are.</param>
    /// <param name="chat">What writes conversations; null: HH's layout.</param>
    /// <param name="appendEos">Text responses end with EOS; ids, and what a model's own template writes, are taken as they are.</param>
    /// <exception cref="InvalidDataException">No responses, or columns named beside token ids.</exception>
    public ResponseFile(LoadedModel model, string path, RowReading reading, ConversationTemplate? chat, bool appendEos)
    {
        (this.model, this.reading, this.appendEos) = (model, reading, appendEos);
        file = DataFile.Open(path);
        DataRow first = RawRows.First(file, reading) ?? throw new InvalidDataException($"{path}: expected responses, found no row.");
        if (!TokenRows.AreIn(file, reading) && !(reading.Columns.Named.Count == 0 && AreTexts(first)))
        {
            data = Dataset.Open(path, reading with { Columns = reading.Columns.Or(first, "completion", Response) }, chat);
        }
    }

    /// <summary>Of a row's responses: an empty one for a single response.</summary>
    public IReadOnlyList<string> Names => data?.Shape is PreferenceShape ? ["chosen", "rejected"] : [""];

    /// <summary>The rows as a stream; each enumeration reads the file anew.</summary>
    /// <param name="told">Is told what was not used, when the last row was read.</param>
    /// <exception cref="InvalidDataException">A bad row, or one too long; the message has file, line and column.</exception>
    public IEnumerable<GivenResponse> Rows(Action<RowAccount>? told)
    {
        SkipTally tally = new();
        TokenRows tokens = new(model);
        foreach (GivenResponse row in data is null ? RawRows.Read(file, reading, ByColumns, tally) : OfData(data, tally))
        {
            tokens.RequireRoom(row.Source, row.Prompt.Length + row.Responses.Max(response => response.Length), "shorten the row");
            yield return row;
        }

        told?.Invoke(data is null ? RawRows.Account(file, tally, tally.Columns) : RowAccount.Of(data, tally));

        GivenResponse ByColumns(DataRow row) => new(row, tokens.Prompt(row), [tokens.Response(row, Response, appendEos)]);
    }

    private static bool AreTexts(DataRow row) => IsText(row.Fields["prompt"])
        && (IsText(row.Fields[Response]) || row.Fields.ContainsKey(TokenRows.IdsColumn(Response)));

    private static bool IsText(JsonNode? node) => node is JsonValue value && value.TryGetValue(out string? _);

    private IEnumerable<GivenResponse> OfData(Dataset rows, SkipTally tally)
    {
        ITokenizer tokenizer = model.Tokenizer ?? throw new InvalidDataException(
            $"{file.Path} holds text and {model.Path} has no tokenizer.json; give promptIds and responseIds.");
        PromptEncoder encoder = new(tokenizer) { TextsAreComplete = rows.WritesSpecialTokens };
        return rows.Shape is PreferenceShape
            ? rows.PairSources(tally).Select(found => Read(found.Source, found.Row.Prompt, found.Row.Chosen, found.Row.Rejected))
            : rows.Sources(tally).Select(found => Read(found.Source, found.Row.Prompt, found.Row.Completion));

        GivenResponse Read(DataRow source, string prompt, params string[] responses) => new(
            source, Ids(source, "prompt", prompt, encoder.Encode),
            [.. responses.Zip(Names, (text, name) => Ids(source, name.Length > 0 ? name : "completion", text, Answer))]);

        int[] Answer(string text) => appendEos || encoder.TextsAreComplete ? encoder.EncodeResponse(text) : tokenizer.Encode(text);
    }

    private static int[] Ids(DataRow row, string role, string text, Func<string, int[]> encode)
    {
        try
        {
            return encode(text);
        }
        catch (TokenizerException fault)
        {
            throw row.Error(role, fault.Message.TrimEnd('.'));
        }
    }
}
