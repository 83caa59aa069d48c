using System.CommandLine;
using Goodhart.Cli.Live;
using Goodhart.Cli.Parsing;
using Goodhart.Cli.Stages;
using Goodhart.Evaluation.Theory.Queries;
using Goodhart.Pipeline;
using Goodhart.Steps.Rows;
using Goodhart.Studies.Theory;
using Goodhart.Text.Datasets;
using Goodhart.Text.Datasets.Conversations;
using Spectre.Console;

namespace Goodhart.Cli.Verbs;

/// <summary><c>goodhart rank</c>: what preference data determine of a policy, and what they leave open.</summary>
internal sealed class RankVerb : Verb
{
    private readonly Argument<string> file = TextArgument.Of(
        "PREFS", "Preference data: JSON lines, a JSON array, CSV or Parquet, plain or gzip; recognised by content.").AcceptDataName();

    private readonly RowOptions rows = new();
    private readonly Option<string?> responses = TextOption.OrNone(
        "--responses", "FILE",
        "Further responses that exist (SFT rows, or preference data whose chosen responses count), with the same columns: "
            + "those in no pair are never compared.").AcceptDataNameOrNone();

    private readonly Option<string?> tokenizer = TextOption.OrNone(
        "--tokenizer", "FOLDER",
        "Folder with tokenizer.json: lengths are then its tokens, of conversations as its chat template writes them. "
            + "Without it lengths are words. Conversations are told apart by what they say, with it or without.").AcceptHubNameOrNone();

    private readonly ChatOptions chat = new();
    private readonly Option<int?> vocabulary = NumberOption.WholeOrNone(
        "--vocabulary", 2, "Token ids of the prompt-response space. Default: the tokenizer's, or "
            + FormattableString.Invariant($"{RankOptions.UsualVocabulary}, Pythia's."));

    private readonly Option<int?> responseTokens = NumberOption.WholeOrNone(
        "--response-tokens", 1, "Longest response of that space, in tokens. Default: the longest of the data.");

    private readonly Option<int?> promptTokens = NumberOption.WholeOrNone(
        "--prompt-tokens", 1, "Longest prompt of that space, in tokens. Default: the longest of the data.");

    private readonly Option<bool> demonstrate = TextOption.Flag(
        "--demonstrate",
        "Also construct, on the paper's tree of 27 trajectories, policies of equal loss with other mass out of distribution.");

    private readonly Option<string?> folder = TextOption.OrNone("--out", "DIR", "Folder for rank.json and report.html.");
    private readonly Option<bool> json = CommonOptions.Json();

    public RankVerb()
        : base(
            "rank",
            "Count the directions of a policy's log-ratio that a preference data set determines, and those it leaves open (section 4).") =>
        Take(
        [
            file, .. rows.All, tokenizer, .. chat.All, responses, vocabulary, responseTokens, promptTokens, demonstrate, folder, json,
        ], Run);

    public override IReadOnlyList<string> Examples { get; } =
    [
        "goodhart rank pairs.jsonl.gz",
        "goodhart rank pairs.parquet --responses sft.jsonl --vocabulary 50277 --response-tokens 512 --out rank",
        "goodhart rank chats.jsonl --tokenizer Qwen/Qwen2.5-0.5B-Instruct",
        "goodhart rank pairs.csv --columns prompt=instruction,chosen=better,rejected=worse --demonstrate",
    ];

    private int Run(ParseResult parse, CancellationToken cancel)
    {
        RowReading reading = rows.Of(parse);
        TokenizerFiles? asked = chat.TokenizerOf(parse, tokenizer, ModelNotes.To(Error(parse), quiet: false));
        ConversationTemplate template = asked is null ? new CanonicalDialogue()
            : asked.Chat is { } written ? written.Open() : new PlainDialogue();
        RankOptions options = new()
        {
            Tokenizer = asked?.Open(),
            Vocabulary = parse.GetValue(vocabulary),
            ResponseTokens = parse.GetValue(responseTokens),
            PromptTokens = parse.GetValue(promptTokens),
        };
        options.Validate();
        using HeldDirectory? target = parse.GetValue(folder) is { } path ? HeldDirectory.Take(path) : null;
        Dataset? further = parse.GetValue(responses) is { } other ? Dataset.Open(other, reading, template) : null;
        RankResult result = RankRun.Run(Dataset.Open(parse.GetValue(file)!, reading, template), further, options, cancel);
        bool demonstration = parse.GetValue(demonstrate);
        IReadOnlyList<SameLossPolicy>? policies = demonstration ? SameLossTable.Policies() : null;
        string document = JsonLayout.Text(new { result, sameLoss = policies });
        if (target is not null)
        {
            AtomicFile.WriteAllText(Path.Combine(target.Path, "rank.json"), document + "\n");
            RankPage.Write(result, demonstration, target.Path);
        }

        if (parse.GetValue(json))
        {
            Out(parse).WriteLine(document);
        }
        else
        {
            Write(result, policies, Ansi.On(Out(parse)));
            foreach (RowAccount account in result.Accounts)
            {
                foreach (string line in account.Lines())
                {
                    Out(parse).WriteLine($"{account.File}: {line}");
                }
            }
        }

        return ExitCode.Done;
    }

    private static void Write(RankResult result, IReadOnlyList<SameLossPolicy>? policies, IAnsiConsole console)
    {
        Table facts = Ansi.Table("quantity", "value", "meaning");
        facts.Columns[1].RightAligned();
        foreach ((string term, string value, string meaning) in RankFacts.Of(result))
        {
            facts.AddText(term, value, meaning);
        }

        console.Write(facts);
        if (policies is not null)
        {
            Table table = Ansi.Table([.. SameLossRows.Columns]);
            foreach (string[] row in SameLossRows.Of(policies))
            {
                table.AddText(row);
            }

            console.Write(table);
        }
    }
}
