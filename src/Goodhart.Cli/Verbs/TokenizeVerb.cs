using System.CommandLine;
using System.Text;
using Goodhart.Cli.Devices;
using Goodhart.Cli.Parsing;
using Goodhart.Models;
using Goodhart.Pipeline;
using Goodhart.Steps.Rows;
using Goodhart.Steps.Runs;
using Goodhart.Text;
using Goodhart.Text.Datasets.Files;

namespace Goodhart.Cli.Verbs;

/// <summary><c>goodhart tokenize</c>: text to token ids and back.</summary>
internal sealed class TokenizeVerb : Verb
{
    private readonly Argument<string> model = TextArgument.Of(
        "MODEL",
        "A folder with a tokenizer.json, such a file, or a name that `goodhart pull` fetched; weights are not read.").AcceptHubName();
    private readonly Option<string?> file = TextOption.OrNone(
        "--file", "FILE",
        "Rows with text (or ids, to decode): JSON lines, JSON, CSV or Parquet; JSON lines from a pipe. Default: standard input.")
        .AcceptDataNameOrNone();

    private readonly Option<bool> lines = TextOption.Flag("--lines", "The input is plain text, one text a line.");
    private readonly Option<string?> column = TextOption.OrNone(
        "--column", "NAME", "The column with the text, or with the ids to decode. Default: text, or ids.");

    private readonly Option<bool> decode = TextOption.Flag("--decode", "From ids to text; special tokens are spelled out.");

    private readonly Option<string?> target = TextOption.OrNone(
        "--out", "FILE.jsonl",
        "JSON lines file; the same command continues it after an interruption. Needs --file. Default: standard output.");

    public TokenizeVerb()
        : base(
            "tokenize",
            "Text to token ids: every row again as a JSON line, with ids and tokens added; nothing is put at either end. Or back.")
    {
        Take([model, file, column, lines, decode, target, new ConfigOption()], RunAsync);
        Validators.Add(result =>
        {
            if (result.GetValue(lines) && result.GetValue(column) is not null)
            {
                result.AddError("--lines is text without columns, and --column names one: give one of them.");
            }

            if (result.GetValue(lines) && result.GetValue(decode))
            {
                result.AddError("--lines is text to encode and --decode takes rows with ids: give one of them.");
            }

            if (result.GetValue(target) is not null && result.GetValue(file) is null)
            {
                result.AddError(
                    "--out needs --file: what comes from standard input cannot be read again; give --file, or leave --out out and "
                        + "redirect.");
            }
        });
    }

    public override IReadOnlyList<string> Examples { get; } =
    [
        "goodhart tokenize pythia-160m --file texts.jsonl",
        "goodhart tokenize pythia-160m --file responses.jsonl --column response --out ids.jsonl",
        "goodhart tokenize pythia-160m --lines --file notes.txt",
        "goodhart tokenize pythia-160m --decode --file ids.jsonl",
    ];

    private async Task<int> RunAsync(ParseResult parse, CancellationToken cancel)
    {
        MissingModel.RefuseAbsentName(parse.GetValue(model)!);
        TokenizerFiles tokenizer = TokenizerFiles.Of(parse.GetValue(model)!, ChatStyle.Usual, told: null);
        bool back = parse.GetValue(decode);
        string from = parse.GetValue(column) ?? (back ? "ids" : "text");
        TranslateRows step = back
            ? new DecodeIds { Tokenizer = tokenizer, Column = from }
            : new EncodeTexts { Tokenizer = tokenizer, Column = from, IsPlainText = parse.GetValue(lines) };
        if (parse.GetValue(target) is not { } path)
        {
            StreamedLines output = new(Out(parse));
            foreach (string line in step.Translate(Rows(parse), cancel))
            {
                output.Append(line);
            }

            return ExitCode.Done;
        }

        int rows = await LineRun.RunAsync(
            step with { File = new InputFile(Existing(parse.GetValue(file)!)) },
            path,
            LineOptions.Environment(path, threads: 1, DeviceChoice.CpuOf, note: null),
            cancel);
        Out(parse).WriteLine($"{Quantity.Of(rows, "row", format: "N0")}: {path}");
        return ExitCode.Done;
    }

    private IEnumerable<DataRow> Rows(ParseResult parse)
    {
        if (parse.GetValue(file) is not { } path)
        {
            return Once("standard input", Console.OpenStandardInput(), parse.GetValue(lines));
        }

        FileStream stream = File.OpenRead(Existing(path));
        if (parse.GetValue(lines) || !stream.CanSeek)
        {
            return Once(Path.GetFileName(path), stream, parse.GetValue(lines));
        }

        stream.Dispose();
        return DataFile.Open(path).Rows();
    }

    private static string Existing(string path) => File.Exists(path)
        ? path
        : throw new FileNotFoundException(
            $"no file {path}; expected rows of text: JSON lines, JSON, CSV or Parquet, or any text with --lines.");

    /// <summary>A stream that cannot be looked at first, to see what it is: JSON lines, or plain text.</summary>
    private static IEnumerable<DataRow> Once(string name, Stream stream, bool plain)
    {
        using StreamReader reader = new(stream, Encoding.UTF8);
        foreach (DataRow row in plain ? TextRows.FromText(name, reader) : TextRows.FromJson(name, reader))
        {
            yield return row;
        }
    }
}
