using System.Text;
using System.Text.Json.Nodes;
using Goodhart.Engine;
using Goodhart.Pipeline;
using Goodhart.Steps.Lines;
using Goodhart.Text.Datasets.Files;
using Goodhart.Text.Tokenizers;

namespace Goodhart.Steps.Rows;

/// <summary>
/// Every row of a file again as a JSON line, with what a tokenizer says of one of its columns. The result is their number.
/// </summary>
public abstract record TranslateRows : LineStep<int>
{
    /// <summary>Written at once, where lines are kept.</summary>
    private const int RowsAtOnce = 64;

    public required TokenizerFiles Tokenizer { get; init; }

    /// <summary>Null: rows come from elsewhere, and go to <see cref="Translate"/>.</summary>
    public InputFile? File { get; init; }

    public required string Column { get; init; }

    /// <summary>The file is one text a line, without columns.</summary>
    public bool IsPlainText { get; init; }

    public override string Name => "tokenize";

    protected override bool DependsOnNumerics => false;

    public override void Check()
    {
        if (!IsPlainText)
        {
            DataFile.Open(Input.Path);
        }
    }

    public override int Run(Func<IDevice> device, ILines lines, CancellationToken cancel)
    {
        int done = lines.Count;
        foreach (string[] part in Translate(Rows().Skip(done), cancel).Chunk(RowsAtOnce))
        {
            lines.Append(part);
            done += part.Length;
        }

        return done;
    }

    /// <summary>A line for each row, as it comes.</summary>
    /// <exception cref="InvalidDataException">A row without the column, or one that the tokenizer cannot translate.</exception>
    public IEnumerable<string> Translate(IEnumerable<DataRow> rows, CancellationToken cancel)
    {
        ITokenizer tokenizer = Tokenizer.Open();
        foreach (DataRow row in rows)
        {
            cancel.ThrowIfCancellationRequested();
            yield return Line(tokenizer, row);
        }
    }

    public abstract string Line(ITokenizer tokenizer, DataRow row);

    private protected static string Others(DataRow row) =>
        $"the row has {(row.Fields.Count == 0 ? "no columns" : string.Join(", ", row.Fields.Select(field => field.Key)))}; name one with "
            + "--column";

    private protected static string With(DataRow row, params ReadOnlySpan<(string Name, JsonNode? Value)> added)
    {
        JsonObject fields = (JsonObject)row.Fields.DeepClone();
        foreach ((string name, JsonNode? value) in added)
        {
            fields[name] = value;
        }

        return fields.ToJsonString(JsonLines.Options);
    }

    private protected T Try<T>(DataRow row, Func<T> work)
    {
        try
        {
            return work();
        }
        catch (TokenizerException fault)
        {
            throw row.Error(Column, fault.Message.TrimEnd('.'));
        }
    }

    private InputFile Input => File ?? throw new InvalidOperationException($"{Name}: a run that is kept needs a file of rows.");

    private IEnumerable<DataRow> Rows()
    {
        if (!IsPlainText)
        {
            return DataFile.Open(Input.Path).Rows();
        }

        return Plain();

        IEnumerable<DataRow> Plain()
        {
            using StreamReader reader = new(Input.Path, Encoding.UTF8);
            foreach (DataRow row in TextRows.FromText(Path.GetFileName(Input.Path), reader))
            {
                yield return row;
            }
        }
    }
}
