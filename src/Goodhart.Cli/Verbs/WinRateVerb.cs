using System.CommandLine;
using Goodhart.Cli.Devices;
using Goodhart.Cli.Judging;
using Goodhart.Cli.Live;
using Goodhart.Cli.Parsing;
using Goodhart.Cli.Stages;
using Goodhart.Evaluation.Judges;
using Goodhart.Pipeline;
using Goodhart.Steps.Judging;
using Goodhart.Steps.Runs;
using Goodhart.Text.Datasets;

namespace Goodhart.Cli.Verbs;

/// <summary><c>goodhart winrate</c>: which responses a judge prefers.</summary>
internal sealed class WinRateVerb : Verb
{
    private readonly Argument<string> a = File("A", "Responses: JSON lines with prompt and response, as `goodhart sample` writes them.");
    private readonly Argument<string> b = File(
        "B", "Other responses to the same prompts, or a data set: its completion or chosen response.");
    private readonly JudgeOptions judge = new(required: true);
    private readonly Option<string?> against = TextOption.OrNone(
        "--against", "FILE",
        "A third file or data set: A and B are each judged against it, and compared on the same prompts.").AcceptDataNameOrNone();

    private readonly Option<string?> model = TextOption.OrNone(
        "--model", "FOLDER",
        "Folder of a model that was asked: a data set's conversations are written as they were for it. Without it plainly.")
        .AcceptHubNameOrNone();

    private readonly ChatOptions chat = new();
    private readonly RowOptions rows = new();
    private readonly Option<string?> columnsOfB = Columns("--columns-b", "B");
    private readonly Option<string?> columnsOfThird = Columns("--columns-against", "the file of --against");
    private readonly Option<int?> limit = NumberOption.WholeOrNone(
        "--limit", 1, "So many prompts, chosen by seed and prompt. Default: all that the files share.");
    private readonly Option<int> retest = NumberOption.Whole(
        "--retest", 0, 0, "Put so many pairs to the judge a second time and report the agreement.");
    private readonly Option<string?> agreeWith = TextOption.OrNone(
        "--agree-with", "DIR", "The folder of another winrate run on the same pairs: agreement of the two judges (Cohen's kappa).");

    private readonly Option<ulong> seed = CommonOptions.Seed("the order of responses, the choice of prompts and the bootstrap");
    private readonly Option<string?> folder = TextOption.OrNone(
        "--out", "DIR",
        "Folder for replies.jsonl, verdicts.jsonl and winrate.json. The same folder again asks for what is missing alone. An endpoint "
            + "needs one.");

    private readonly DeviceOptions device = new();
    private readonly Option<bool> quiet = CommonOptions.Quiet();
    private readonly Option<bool> json = CommonOptions.Json();

    public WinRateVerb()
        : base(
            "winrate",
            "Win rate of two files of responses under a judge: Wilson interval, exact sign test, position bias. Ties count one half; a "
                + "reply that cannot be read is missing, and counted.") =>
        Take(
        [
            a, b, .. judge.All, against, model, .. chat.All, .. rows.All, columnsOfB, columnsOfThird, limit, retest, agreeWith, seed,
            folder, .. device.All, quiet, json,
        ], RunAsync);

    public override IReadOnlyList<string> Examples { get; } =
    [
        "goodhart winrate dpo.jsonl sft.jsonl --judge openai --judge-model qwen2.5:7b --base-url http://localhost:11434/v1 --out wins",
        "goodhart winrate dpo.jsonl tldr-valid.jsonl --judge paper --limit 256 --judge-plan",
        "goodhart winrate dpo.jsonl ipo.jsonl --against tldr-valid.jsonl --judge paper --orders both --retest 50 --max-cost 20 --out wins",
        "goodhart winrate dpo.jsonl world/prompts.jsonl --judge gold",
    ];

    private async Task<int> RunAsync(ParseResult parse, CancellationToken cancel)
    {
        Action<string>? note = ModelNotes.To(Error(parse), parse.GetValue(quiet));
        JudgeChoice choice = judge.Of(parse, parse.GetValue(seed), () => device.Create(parse), note)!;
        if (parse.GetValue(columnsOfThird) is not null && parse.GetValue(against) is null)
        {
            throw new ArgumentException("--columns-against names columns of the file of --against, which is not given.");
        }

        string[] names = [parse.GetValue(a)!, parse.GetValue(b)!, .. parse.GetValue(against) is { } third ? (string[])[third] : []];
        ComparedFiles files = new()
        {
            A = new InputFile(names[0]),
            B = new InputFile(names[1]),
            Against = names.Length > 2 ? new InputFile(names[2]) : null,
            Names = names,
            Readings = [rows.Of(parse), Reading(columnsOfB), .. names.Length > 2 ? (RowReading[])[Reading(columnsOfThird)] : []],
            Tokenizer = chat.TokenizerOf(parse, model, note),
            Limit = parse.GetValue(limit),
            Seed = parse.GetValue(seed),
            Retest = parse.GetValue(retest),
        };
        string? target = parse.GetValue(folder);
        if (judge.IsPlan(parse))
        {
            JudgedFiles judged = files.Read();
            TellRows(judged);
            using JudgeSession looked = target is not null && JudgeSession.HasReplies(target)
                ? JudgeSession.Open(choice, target)
                : JudgeSession.InMemory(choice);
            JudgeForecast planned = looked.Forecast(judged.Pairs);
            Out(parse).WriteLine(parse.GetValue(json) ? JsonLayout.Text(planned) : JudgeText.Of(planned));
            return ExitCode.Done;
        }

        if (choice.KeepsReplies && target is null)
        {
            throw new InvalidDataException(
                $"--out: {choice.Name}'s replies cost something and need a folder to be kept in, so that nothing is paid twice.");
        }

        string directory = target ?? Directory.CreateTempSubdirectory("goodhart-winrate").FullName;
        try
        {
            WinRateResult result = await WinRateStage.RunAsync(
                files, choice, parse.GetValue(agreeWith),
                LineOptions.Environment(directory, device.Threads(parse), device.Maker(parse), note), Told,
                new JudgeCount(Error(parse), parse.GetValue(quiet)), cancel);
            if (parse.GetValue(json))
            {
                Out(parse).WriteLine(JsonLayout.Text(result));
            }
            else
            {
                JudgeText.Write(result, Ansi.On(Out(parse)));
            }
        }
        finally
        {
            if (target is null)
            {
                Directory.Delete(directory, recursive: true);
            }
        }

        return ExitCode.Done;

        RowReading Reading(Option<string?> columns) =>
            parse.GetValue(columns) is { } text ? rows.Of(parse) with { Columns = ColumnMap.Parse(text) } : rows.Of(parse);

        void TellRows(JudgedFiles judged)
        {
            foreach (RowAccount account in parse.GetValue(quiet) ? [] : judged.Accounts)
            {
                foreach (string line in account.Lines())
                {
                    Error(parse).WriteLine($"{account.File}: {line}");
                }
            }
        }

        void Told(JudgedFiles judged, JudgeForecast forecast)
        {
            TellRows(judged);
            if (choice.KeepsReplies && !parse.GetValue(quiet))
            {
                Error(parse).WriteLine(JudgeText.Of(forecast));
            }
        }
    }

    private static Argument<string> File(string name, string what) => TextArgument.Of(name, what).AcceptDataName();

    private static Option<string?> Columns(string name, string file) => new(name)
    {
        Description = $"The same for {file}, where its columns have other names than A's. Default: as --columns says.",
        HelpName = "prompt=a,chosen=b",
    };
}
