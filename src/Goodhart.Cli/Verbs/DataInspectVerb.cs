using System.CommandLine;
using Goodhart.Cli.Live;
using Goodhart.Cli.Parsing;
using Goodhart.Cli.Stages;
using Goodhart.Steps.Rows;
using Goodhart.Text.Audit;
using Goodhart.Text.Datasets;
using Goodhart.Text.Datasets.Conversations;
using Goodhart.Text.Truncation;

namespace Goodhart.Cli.Verbs;

/// <summary><c>goodhart data inspect</c>: what to know of a data set before a day is spent on it.</summary>
internal sealed class DataInspectVerb : Verb
{
    private readonly Argument<string> file = DataFileOptions.File();
    private readonly RowOptions rows = new();
    private readonly Option<string?> tokenizer = TextOption.OrNone(
        "--tokenizer", "FOLDER",
        "Folder with tokenizer.json; lengths are then tokens, of conversations as its chat template writes them. Without it "
            + "they are words of the plain layout.").AcceptHubNameOrNone();

    private readonly ChatOptions chat = new();
    private readonly Option<int?> maxTokens = NumberOption.WholeOrNone(
        "--max-tokens", 2, "Length budget of prompt and longer response, EOS included: shows what each truncation policy would "
            + "cut or drop.");

    private readonly Option<int?> maxPrompt = NumberOption.WholeOrNone("--max-prompt-tokens", 1, "The budget's part for the prompt.");
    private readonly Option<int?> maxResponse = NumberOption.WholeOrNone("--max-response-tokens", 1, "The budget's part for a response.");
    private readonly Option<string?> against = TextOption.OrNone(
        "--against", "FILE", "Another split of the data, with the same columns: counts the prompts that both have.").AcceptDataNameOrNone();

    private readonly Option<bool> json = CommonOptions.Json();

    public DataInspectVerb()
        : base("inspect",
            "Count rows, lengths, empty, equal, repeated and contradicting pairs, leaks between splits, and what a length budget costs.") =>
        Take([file, .. rows.All, tokenizer, .. chat.All, maxTokens, maxPrompt, maxResponse, against, json], Run);

    public override IReadOnlyList<string> Examples { get; } =
    [
        "goodhart data inspect pairs.jsonl.gz",
        "goodhart data inspect pairs.csv --columns prompt=instruction,chosen=better,rejected=worse",
        "goodhart data inspect train.jsonl --against valid.jsonl --tokenizer pythia-160m --max-tokens 512 --max-prompt-tokens 256",
    ];

    private int Run(ParseResult parse)
    {
        RowReading reading = rows.Of(parse);
        TokenizerFiles? asked = chat.TokenizerOf(parse, tokenizer, ModelNotes.To(Error(parse), quiet: false));
        ConversationTemplate? template = asked?.Chat?.Open();
        AuditOptions options = new()
        {
            Tokenizer = asked?.Open(),
            Budget = Budget(parse),
            Against = parse.GetValue(against) is { } other ? Dataset.Open(other, reading, template) : null,
        };
        DatasetAudit audit = DatasetAuditor.Audit(Dataset.OpenAny(parse.GetValue(file)!, reading, template), options);
        if (parse.GetValue(json))
        {
            Out(parse).WriteLine(JsonLayout.Text(audit));
        }
        else
        {
            DataAuditTable.Write(audit, Out(parse));
        }

        return ExitCode.Done;
    }

    private LengthBudget? Budget(ParseResult parse)
    {
        if (parse.GetValue(maxTokens) is { } most)
        {
            return parse.GetValue(tokenizer) is null
                ? throw new ArgumentException("--max-tokens counts tokens; name the tokenizer with --tokenizer FOLDER.")
                : new LengthBudget(most, parse.GetValue(maxPrompt), parse.GetValue(maxResponse));
        }

        return parse.GetValue(maxPrompt) is null && parse.GetValue(maxResponse) is null
            ? null
            : throw new ArgumentException(
                "--max-prompt-tokens and --max-response-tokens are parts of a budget; give the whole with --max-tokens.");
    }
}
