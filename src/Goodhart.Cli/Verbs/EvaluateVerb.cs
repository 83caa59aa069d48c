using System.CommandLine;
using System.Globalization;
using Goodhart.Cli.Judging;
using Goodhart.Cli.Stages;
using Goodhart.Cli.Terminal;
using Goodhart.Evaluation.Judges;
using Goodhart.Evaluation.Statistics;
using Goodhart.Studies.Judging;
using Goodhart.Studies.Stages.Measuring;
using Goodhart.Studies.Stages.Running;
using Spectre.Console;

namespace Goodhart.Cli.Verbs;

/// <summary><c>goodhart evaluate</c>: KL and more of checkpoints made by any tool.</summary>
internal sealed class EvaluateVerb : StageVerb<EvaluationResult>
{
    private readonly Argument<string[]> checkpoints;
    private readonly EvaluateOptions options;

    public EvaluateVerb()
        : this(
            new("CHECKPOINTS")
            {
                Description = "Model folders, or folders of them (dpo/checkpoints). Any tool's, with the reference's vocabulary.",
                Arity = ArgumentArity.OneOrMore,
            },
            new())
    {
    }

    private EvaluateVerb(Argument<string[]> checkpoints, EvaluateOptions options)
        : base(
            "evaluate",
            "Measure checkpoints against a reference: KL(policy‖reference) exact and from samples, length, EOS rate, repetition, and with --held-out the loss, accuracy, margins and forward KL. "
            + "With --judge also win rates against the data's responses, and DIR/points.csv and report.html from them. Writes DIR/evaluation.csv.",
            [checkpoints],
            options.All) => (this.checkpoints, this.options) = (checkpoints, options);

    public override IReadOnlyList<string> Examples { get; } =
    [
        "goodhart evaluate dpo/checkpoints --reference sft/model --prompts test.jsonl --out dpo-evaluation",
        "goodhart evaluate a/checkpoint-100 a/checkpoint-200 --reference sft --prompts test.jsonl --held-out test.jsonl --samples 2 --out curve",
        "goodhart evaluate dpo/checkpoints --reference sft/model --prompts test.jsonl --limit 256 --judge paper --max-cost 20 --out dpo-evaluation",
    ];

    protected override async Task<EvaluationResult> RunAsync(ParseResult parse, StageEnvironment environment, CancellationToken cancel)
    {
        EvaluateSettings settings = options.Of(parse, parse.GetValue(checkpoints)!);
        if (options.JudgeOf(parse) is not { } choice)
        {
            return await EvaluateStage.RunAsync(settings, environment, cancel);
        }

        IReadOnlyDictionary<int, ResponseRow> data = JudgedEvaluation.DataResponses(settings);   // a file without them fails before hours of sampling
        if (options.IsJudgePlan(parse) && !await EvaluateStage.IsStoredAsync(settings, environment, cancel))
        {
            IReadOnlyList<ResponsePair> planned = JudgedEvaluation.PlannedPairs(settings, data);
            using JudgeSession asked = JudgeSession.InMemory(choice);
            return new EvaluationResult(
                Path.GetFullPath(environment.Directory), Math.Min(data.Count, settings.PromptLimit ?? int.MaxValue), [], 0) { JudgeForecast = asked.Forecast(planned) };
        }

        EvaluationResult result = await EvaluateStage.RunAsync(settings, environment, cancel);
        JudgedEvaluation judged = JudgedEvaluation.Of(settings, result, data);
        using JudgeSession session = JudgeSession.Open(choice, result.Directory);
        return options.IsJudgePlan(parse)
            ? result with { JudgeForecast = session.Forecast(judged.Pairs) }
            : result with { WinRates = await judged.RunAsync(session, choice.Name, environment, new JudgeCount(Error(parse), IsQuiet(parse)), cancel) };
    }

    protected override void Announce(ParseResult parse, EvaluationResult result)
    {
        if (result is { Rows.Count: 0, JudgeForecast: { } most })
        {
            Out(parse).WriteLine($"nothing was sampled or measured; at most: {JudgeText.Of(most)}");
            return;
        }

        Table table = Ansi.Table("checkpoint", "KL", "win rate", "k1", "tokens", "EOS", "repetition", "accuracy", "margin");
        foreach ((int i, EvaluatedFolder row) in result.Rows.Index())
        {
            CheckpointMeasures measures = row.Measures;
            table.AddText(
                row.Checkpoint, Text(measures.Kl), result.WinRates is { } rates ? JudgeText.WithError(rates[i].WinRate) : "", Text(measures.KlK1), Text(measures.Length), Text(measures.EosRate), Text(measures.Repetition),
                Text(measures.Pairs?.Accuracy), Text(measures.Pairs?.Margin));
        }

        Ansi.On(Out(parse)).Write(table);
        foreach (string remark in result.WinRates?.SelectMany(judged => JudgeText.Remarks(judged.Checkpoint, judged.WinRate)) ?? [])
        {
            Out(parse).WriteLine(remark);
        }

        Out(parse).WriteLine(Path.Combine(result.Directory, result.WinRates is null ? "evaluation.csv" : "points.csv"));
        if (result.JudgeForecast is { } forecast)
        {
            Out(parse).WriteLine(JudgeText.Of(forecast));
        }
    }

    private static string Text(MeanEstimate estimate) => estimate.StandardError is { } error
        ? string.Create(CultureInfo.InvariantCulture, $"{estimate.Mean:G4} ± {error:G2}")
        : Text(estimate.Mean);

    private static string Text(double? value) => value?.ToString("G4", CultureInfo.InvariantCulture) ?? "";
}
