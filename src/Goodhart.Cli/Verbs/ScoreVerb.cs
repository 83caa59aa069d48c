using System.CommandLine;
using System.Globalization;
using Goodhart.Cli.Live;
using Goodhart.Cli.Parsing;
using Goodhart.Cli.Stages;
using Goodhart.Pipeline;
using Goodhart.Steps.Folders;
using Goodhart.Steps.Measuring;
using Goodhart.Text;

namespace Goodhart.Cli.Verbs;

/// <summary><c>goodhart score</c>: log-probs of given responses.</summary>
internal sealed class ScoreVerb : Verb
{
    private readonly Argument<string> model = CommonOptions.Model("MODEL", "The model");
    private readonly Option<string> data = TextOption.Required(
        "--data", "FILE", "Rows with prompt and response (text), or promptIds and responseIds, which go first where a row has both; or any "
            + "data: its completion, or both responses of a pair.").AcceptDataName();

    private readonly Option<bool> noEos = TextOption.Flag(
        "--no-eos", "Score text responses as they are. Without it EOS is appended to them and counted. Ids, and what the model's "
            + "chat template writes, are never changed.");

    private readonly RowOptions rows = new();
    private readonly ChatOptions chat = new();

    private readonly LineOptions lines = new(
        "JSON lines file; the same command continues it after an interruption. Default: standard output.");

    public ScoreVerb()
        : base(
            "score",
            "Log-probs of given responses, in nats: every row again as a JSON line, with logProb and tokenLogProbs added or replaced; of "
                + "a pair chosenLogProb, rejectedLogProb and so on.")
    {
        Take([model, data, .. rows.All, .. chat.All, noEos, .. lines.All], RunAsync);
        lines.JsonNeedsFile(this);
    }

    public override IReadOnlyList<string> Examples { get; } =
    [
        "goodhart score my-model --data responses.jsonl --out scored.jsonl",
        "goodhart score my-model --data responses.jsonl --no-eos",
        "goodhart score my-model --data pairs.jsonl --columns prompt=question,chosen=better,rejected=worse",
    ];

    private async Task<int> RunAsync(ParseResult parse, CancellationToken cancel)
    {
        CountProgress progress = lines.Progress(parse, "row", "scored");
        ScoreLogProbs step = new()
        {
            Model = ModelFiles.Input(parse.GetValue(model)!),
            Data = new InputFile(parse.GetValue(data)!),
            Reading = rows.Of(parse),
            Chat = chat.Of(parse, parse.GetValue(model)!, progress.Note),
            AppendEos = !parse.GetValue(noEos),
            Progress = progress,
        };
        ScoreSummary summary = await lines.RunAsync(parse, step, Out(parse), cancel);
        if (lines.File(parse) is { } path)
        {
            Announce(parse, path, summary, progress.Earlier ?? summary.Rows);
        }

        return ExitCode.Done;
    }

    private void Announce(ParseResult parse, string path, ScoreSummary summary, int resumed)
    {
        string mean = summary.NatsPerToken is { } nats
            ? string.Create(CultureInfo.InvariantCulture, $", {nats:0.0000} nats per token on average")
            : "";
        Out(parse).WriteLine(lines.IsJson(parse)
            ? JsonLayout.Text(new { file = Path.GetFullPath(path), summary = new { summary.Rows, resumed, summary.NatsPerToken } })
            : string.Create(CultureInfo.InvariantCulture, $"{Quantity.Of(summary.Rows, "row", format: "N0")} ({resumed:N0} from "
                + $"before){mean}: {path}"));
    }
}
