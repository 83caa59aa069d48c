using System.CommandLine;
using System.Text;
using Goodhart.Studies.Tools;
using Goodhart.Text.Datasets.Files;
using Goodhart.Text.Tokenizers;

namespace Goodhart.Cli.Verbs;

/// <summary><c>goodhart tokenize</c>: text to token ids and back.</summary>
internal sealed class TokenizeVerb : Verb
{
    private readonly Argument<string> model = new("MODEL") { Description = "A folder with a tokenizer.json, or such a file; weights are not read." };
    private readonly Option<string> file = new("--file")
    {
        Description = "Rows with text (or ids, to decode): JSON lines, JSON, CSV or Parquet. Default: JSON lines from standard input.",
        HelpName = "FILE",
    };

    private readonly Option<bool> lines = new("--lines") { Description = "The input is plain text, one text a line." };
    private readonly Option<bool> decode = new("--decode") { Description = "From ids to text; special tokens are spelled out." };

    public TokenizeVerb()
        : base("tokenize", "Text to token ids: every row again as a JSON line, with ids and tokens added; nothing is put at either end. Or back.")
    {
        Arguments.Add(model);
        Array.ForEach<Option>([file, lines, decode], Options.Add);
        Validators.Add(result =>
        {
            if (result.GetValue(lines) && result.GetValue(decode))
            {
                result.AddError("--lines is text to encode and --decode takes rows with ids: give one of them.");
            }
        });
        SetAction((parse, cancel) => Task.FromResult(Run(parse, cancel)));
    }

    public override IReadOnlyList<string> Examples { get; } =
    [
        "goodhart tokenize pythia-160m --file texts.jsonl",
        "goodhart tokenize pythia-160m --lines --file notes.txt",
        "goodhart tokenize pythia-160m --decode --file ids.jsonl",
    ];

    private int Run(ParseResult parse, CancellationToken cancel)
    {
        TokenizeRows rows = new(TokenizerFile.Open(parse.GetValue(model)!));
        bool back = parse.GetValue(decode);
        foreach (DataRow row in Rows(parse))
        {
            cancel.ThrowIfCancellationRequested();
            Out(parse).Write((back ? rows.Decode(row) : rows.Encode(row)) + "\n");
        }

        return ExitCode.Done;
    }

    private IEnumerable<DataRow> Rows(ParseResult parse)
    {
        if (parse.GetValue(file) is not { } path)
        {
            TextReader input = new StreamReader(Console.OpenStandardInput(), Encoding.UTF8);
            return parse.GetValue(lines) ? TextRows.FromText("standard input", input) : TextRows.FromJson(input);
        }

        return parse.GetValue(lines) ? TextLines(path) : DataFile.Open(path).Rows();
    }

    private static IEnumerable<DataRow> TextLines(string path)
    {
        if (!File.Exists(path))
        {
            throw new FileNotFoundException($"no file {path}; expected text, one text a line.");
        }

        using StreamReader reader = new(path, Encoding.UTF8);
        foreach (DataRow row in TextRows.FromText(Path.GetFileName(path), reader))
        {
            yield return row;
        }
    }
}
