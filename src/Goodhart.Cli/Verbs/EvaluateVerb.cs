using System.CommandLine;
using System.Globalization;
using Goodhart.Cli.Judging;
using Goodhart.Cli.Parsing;
using Goodhart.Cli.Stages;
using Goodhart.Evaluation.Statistics;
using Goodhart.Steps.Measuring;
using Goodhart.Steps.Runs;
using Goodhart.Studies.Reporting;
using Goodhart.Text;
using Spectre.Console;

namespace Goodhart.Cli.Verbs;

/// <summary><c>goodhart evaluate</c>: KL and more of checkpoints made by any tool.</summary>
internal sealed class EvaluateVerb : StageVerb<EvaluationResult>
{
    private readonly Argument<string[]> checkpoints = TextArgument.Several(
        "CHECKPOINTS", least: 1,
        "Model folders, or folders of them (dpo/checkpoints). Any tool's, with the reference's vocabulary.").AcceptHubNames();

    private readonly EvaluateOptions options = new();

    public EvaluateVerb()
        : base(
            "evaluate",
            "Measure checkpoints against a reference: KL(policy‖reference) exact and from samples, length, EOS rate, repetition, and with "
                + "--held-out the loss, accuracy, margins and forward KL. "
            + "With --judge also win rates against the data's responses, and DIR/points.csv and report.html from them. Writes "
            + "DIR/evaluation.csv.") => TakeStage([checkpoints, .. options.All]);

    public override IReadOnlyList<string> Examples { get; } =
    [
        "goodhart evaluate dpo/checkpoints --reference sft/model --prompts test.jsonl --out dpo-evaluation",
        "goodhart evaluate a/checkpoint-100 a/checkpoint-200 --reference sft --prompts test.jsonl --held-out test.jsonl --samples "
            + "2 --out curve",
        "goodhart evaluate dpo/checkpoints --reference sft/model --prompts test.jsonl --limit 256 --judge paper --max-cost 20 --out "
            + "dpo-evaluation",
    ];

    protected override async Task<EvaluationResult> RunAsync(ParseResult parse, StageEnvironment environment, CancellationToken cancel)
    {
        EvaluateSettings settings = options.Of(parse, parse.GetValue(checkpoints)!) with
        {
            Judge = options.JudgeOf(parse, () => environment.CreateDevice(environment.Threads), environment.Note),
            Judging = new JudgeCount(Error(parse), IsQuiet(parse)),
        };
        if (options.IsJudgePlan(parse))
        {
            return EvaluateStage.Plan(settings, environment, cancel);
        }

        EvaluationResult result = await EvaluateStage.RunAsync(settings, environment, cancel);
        if (result.Judged is { } judged)
        {
            JudgedReport.Write(result.Directory, settings, judged, environment.Version);
        }

        return result;
    }

    protected override void Announce(ParseResult parse, EvaluationResult result)
    {
        if (result.JudgeForecast is { } forecast)
        {
            AnnounceRows(Out(parse), result.Data);
            Out(parse).WriteLine($"before anything is sampled, at most: {JudgeText.Of(forecast)}");
            return;
        }

        Table table = Ansi.Table("checkpoint", "KL", "win rate", "k1", "tokens", "EOS", "repetition", "accuracy", "margin");
        foreach ((int i, EvaluatedFolder row) in result.Rows.Index())
        {
            CheckpointMeasures measures = row.Measures;
            table.AddText(
                row.Checkpoint, Text(measures.Kl), result.Judged is { } judged ? JudgeText.WithError(judged.WinRates[i].WinRate) : "",
                Text(measures.KlK1),
                Text(measures.Length), Text(measures.EosRate), Text(measures.Repetition), Text(measures.Pairs?.Accuracy),
                Text(measures.Pairs?.Margin));
        }

        Ansi.On(Out(parse)).Write(table);
        foreach (string remark in result.Judged?.WinRates.SelectMany(judged => JudgeText.Remarks(judged.Checkpoint, judged.WinRate)) ?? [])
        {
            Out(parse).WriteLine(remark);
        }

        AnnounceRows(Out(parse), result.Data);
        if (result.HeldOut is { } pairs)
        {
            Out(parse).WriteLine($"{Quantity.Of(pairs.Rows, "held-out pair")} of {Quantity.Of(pairs.Read, "row")}");
            AnnounceRows(Out(parse), pairs);
        }

        Out(parse).WriteLine(Path.Combine(result.Directory, result.Judged is null ? "evaluation.csv" : "points.csv"));
    }

    private static string Text(MeanEstimate estimate) => estimate.StandardError is { } error
        ? string.Create(CultureInfo.InvariantCulture, $"{estimate.Mean:G4} ± {error:G2}")
        : Text(estimate.Mean);

    private static string Text(double? value) => value?.ToString("G4", CultureInfo.InvariantCulture) ?? "";
}
