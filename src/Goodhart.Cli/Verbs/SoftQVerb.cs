using System.CommandLine;
using System.Globalization;
using Goodhart.Cli.Devices;
using Goodhart.Cli.Live;
using Goodhart.Cli.Parsing;
using Goodhart.Engine;
using Goodhart.Hub.Cache;
using Goodhart.Pipeline;
using Goodhart.Steps.Folders;
using Goodhart.Steps.Rows;
using Goodhart.Studies.Theory;
using Goodhart.Text;
using Goodhart.Text.Data;
using Goodhart.Text.Datasets;
using Goodhart.Text.Datasets.Conversations;
using Spectre.Console;

namespace Goodhart.Cli.Verbs;

/// <summary><c>goodhart softq</c>: a policy's logits as Q-values.</summary>
internal sealed class SoftQVerb : Verb
{
    private readonly Argument<string> policy = CommonOptions.Model("POLICY", "The policy");
    private readonly Argument<string> reference = CommonOptions.Model("REFERENCE", "The reference");
    private readonly PromptOptions prompts = new();
    private readonly Option<double> beta = NumberOption.Required(
        "--beta", NumberRule.Above0(0.1), "The β that the policy was trained with.");

    private readonly Option<string> data = TextOption.Required(
        "--data", "PREFS", "Preference data: says which tokens were seen at a prefix, and gives responses to measure on.").AcceptDataName();

    private readonly Option<int> pairs = NumberOption.Whole("--pairs", 1, 64, "Pairs of the data to measure on, from the first.");

    private readonly Option<int?> seenAfter = NumberOption.OrNone(
        "--seen-after",
        NumberRule.Whole(1, 4),
        "A token counts as seen after the same last N response tokens, whatever the prompt. Without it: after the same prompt and the "
        + "same whole response so far, as Eq. (11) has it.");

    private readonly Option<string?> compare = TextOption.OrNone(
        "--compare", "FOLDER=B,...", "Further policies with the β of each: the gap to the maximum across β.");

    private readonly Option<int> show = NumberOption.Whole("--show", 0, 4, "Rows of each set to show token by token in the report.");
    private readonly Option<string?> folder = TextOption.OrNone(
        "--out", "DIR", "Folder for softq.json, tokens.jsonl (a line per token) and report.html.");

    private readonly DeviceOptions devices = new();
    private readonly Option<bool> quiet = CommonOptions.Quiet();
    private readonly Option<bool> json = CommonOptions.Json();

    public SoftQVerb()
        : base(
            "softq",
            "Read a policy's logits as soft Q-values (appendix D): values, implied per-token rewards, the share bootstrapped from unseen "
                + "tokens, "
            + "and the gap to the maximum.") =>
        Take([policy, reference, .. prompts.All, beta, data, pairs, seenAfter, compare, show, folder, .. devices.All, quiet, json], Run);

    public override IReadOnlyList<string> Examples { get; } =
    [
        "goodhart softq aligned sft --prompts prompts.jsonl --beta 0.1 --data pairs.jsonl --max-new-tokens 64 --out softq",
        "goodhart softq dpo-0.05 sft --prompts prompts.jsonl --beta 0.05 --data pairs.jsonl --compare dpo-0.2=0.2,dpo-0.5=0.5",
    ];

    private int Run(ParseResult parse, CancellationToken cancel)
    {
        SoftQOptions options = new()
        {
            Beta = parse.GetValue(beta),
            Responses = prompts.Sampling(parse),
            Pairs = parse.GetValue(pairs),
            SeenAfter = parse.GetValue(seenAfter),
        };
        options.Validate();
        RowReading reading = prompts.Reading(parse);
        CountProgress progress = new(Error(parse), "row", "read", parse.GetValue(quiet));
        ConversationTemplate? chat = prompts.Chat(parse, parse.GetValue(policy)!, progress.Note)?.Open();
        using IDevice device = devices.Create(parse);
        (Func<LoadedModel> Open, double Beta)[] others = [.. Others(parse.GetValue(compare) ?? "", Open)];
        using LoadedModel first = Open(parse.GetValue(policy)!);
        using LoadedModel second = Open(parse.GetValue(reference)!);
        LoadedModel narrow = LoadedModel.Narrower(first, second);
        IReadOnlyList<PromptRow> rows = PromptReader.Read(
            narrow, parse.GetValue(prompts.File)!, reading, chat, prompts.Limit(parse), options.Responses.MaxNewTokens, progress.Read);
        IReadOnlyList<TokenizedPair> data = PairReader.Read(narrow, parse.GetValue(this.data)!, reading, chat, int.MaxValue, progress.Read);
        using SoftQRun run = new(first, second, data, options);
        using HeldDirectory? target = parse.GetValue(folder) is { } path ? HeldDirectory.Take(path) : null;
        SoftQResult result = run.Run(rows, others, progress, cancel);
        Report(parse, result, first, target?.Path);
        return ExitCode.Done;

        LoadedModel Open(string path) => LoadedModel.Open(device, path, progress.Note);
    }

    private void Report(ParseResult parse, SoftQResult result, LoadedModel model, string? target)
    {
        string document = JsonLayout.Text(
            new
            {
                result.Policy,
                result.Reference,
                result.Beta,
                result.SeenAfter,
                result.DataPairs,
                result.Convention,
                sets = result.Sets.ToDictionary(set => set.Name, set => set.Summary),
                result.Sweep,
                result.Bellman,
            });
        if (target is not null)
        {
            string TextOf(int token) => model.Tokenizer is { } tokenizer && token < tokenizer.VocabularySize
                ? tokenizer.Decode([token])
                : token.ToString(CultureInfo.InvariantCulture);
            AtomicFile.WriteAllText(Path.Combine(target, "softq.json"), document + "\n");
            AtomicFile.WriteAllText(
                Path.Combine(target, "tokens.jsonl"), string.Concat(TokenLines.Of(result, TextOf).Select(line => line + "\n")));
            SoftQPage.Write(result, TextOf, parse.GetValue(show), target);
        }

        if (parse.GetValue(json))
        {
            Out(parse).WriteLine(document);
        }
        else
        {
            Write(result, Ansi.On(Out(parse)));
        }
    }

    private static IEnumerable<(Func<LoadedModel> Open, double Beta)> Others(string list, Func<string, LoadedModel> open) =>
        CommaList.Split(list).Select(entry =>
        {
            int equals = entry.LastIndexOf('=');
            if (equals < 1 || !NumberRule.Above0(0.2).TryRead(entry[(equals + 1)..], out double value))
            {
                throw new ArgumentException($"--compare: expected FOLDER=B with commas between, for example dpo-0.2=0.2, found '{entry}'.");
            }

            // Looked for now: it is opened only when the first policy is done.
            string path = CachedNames.Model(entry[..equals]);
            LoadedModel.RequireFolder(path);
            return ((Func<LoadedModel>)(() => open(path)), SoftQOptions.RequireBeta(value));
        });

    private static void Write(SoftQResult result, IAnsiConsole console)
    {
        Table table = Ansi.Table([.. SoftQRows.Columns(result)]);
        foreach (string[] row in SoftQRows.Of(result))
        {
            table.AddText(row);
        }

        Table sweep = Ansi.Table([.. SweepRows.Columns]);
        foreach (string[] row in SweepRows.Of(result.Sweep))
        {
            sweep.AddText(row);
        }

        console.Write(table);
        console.Write(sweep);
        console.WriteLine($"seen: after {result.SeenAfter}, in {Quantity.Of(result.DataPairs, "pair")}. {result.Convention}.");
    }
}
