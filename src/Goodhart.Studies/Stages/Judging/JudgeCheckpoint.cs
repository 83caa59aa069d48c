using Goodhart.Evaluation.Judges;
using Goodhart.Evaluation.Judges.Reports;
using Goodhart.Pipeline;
using Goodhart.Studies.Judging;
using Goodhart.Studies.Stages.Data;
using Goodhart.Studies.Stages.Measuring;
using Goodhart.Text.Data;
using Goodhart.Text.Tokenizers;

namespace Goodhart.Studies.Stages.Judging;

/// <summary>Has a checkpoint's sampled responses judged against the data set's. Verdicts are in verdicts.jsonl.</summary>
/// <remarks>The judge reads what the policy read: prompts and responses cut to the study's length budget.</remarks>
public sealed record JudgeCheckpoint : Step<JudgedCheckpoint>
{
    public required MeasureCheckpoint Measured { get; init; }

    public required TokenizeHeldOutPrompts Prompts { get; init; }

    public required JudgeIdentity Judge { get; init; }

    [NotInKey]
    public required JudgeNeed Need { get; init; }

    public override string Label => $"judge {Measured.CheckpointName}";

    public override double EstimatedCost => Need.Flops;

    protected override bool DependsOnNumerics => Judge.DependsOnNumerics;

    protected override async Task<JudgedCheckpoint> RunAsync(StepContext context, CancellationToken cancel)
    {
        ResponsePair[] pairs = Pairs(context);
        IReadOnlyList<PairJudgement> judgements =
            await Judge.JudgeAsync(context, pairs, new Told(context), cancel).ConfigureAwait(false);
        VerdictFile.Write(context.OutputDirectory, judgements);
        WinRate rate = WinRate.Of(judgements);
        context.Report(new ProgressReport(1, "done", new Dictionary<string, double> { ["winrate/judge"] = rate.Rate }));
        return new JudgedCheckpoint(
            rate,
            [.. judgements.Chunk(Measured.Sampling.Samples).Select(ScoreOf)],
            judgements.SelectMany(judgement => judgement.Orders).Select(order => order.Model).OfType<string>()
                .CountBy(model => model).OrderBy(model => model.Key, StringComparer.Ordinal).ToDictionary(StringComparer.Ordinal));
    }

    /// <summary>The policy's response is A. By prompt, then sample.</summary>
    private ResponsePair[] Pairs(StepContext context)
    {
        ITokenizer tokenizer = Prompts.Source.Tokenizer.Open();
        JudgedResponse[] data = [.. Prompts.ReadWithResponses(context).Select(row => Response(row, tokenizer))];
        return
        [
            .. ResponseRecord.Read(context.FileOf(Measured, MeasureCheckpoint.ResponsesFile)).Select((response, i) => new ResponsePair(
                response.Prompt,
                JudgedResponse.Of(response.Response, response.Finished()),
                data[i / Measured.Sampling.Samples],
                response.Sample)),
        ];
    }

    private static JudgedResponse Response(TokenizedExample row, ITokenizer tokenizer) => JudgedResponse.Of(
        tokenizer.Decode(row.Response.AsSpan().TrimEnd(tokenizer.EosId)), row.Response[^1] == tokenizer.EosId);

    /// <summary>Mean over the samples that have a verdict.</summary>
    private static double ScoreOf(PairJudgement[] samples) =>
        samples.Select(sample => sample.Score).OfType<double>().DefaultIfEmpty(double.NaN).Average();

    private sealed class Told(StepContext context) : IProgress<JudgeProgress>
    {
        public void Report(JudgeProgress value) => context.Report(new ProgressReport((double)value.Done / Math.Max(1, value.Total), "judging"));
    }
}

/// <param name="Scores">The policy's mean score against the data set's response, in [0, 1]: shape [prompts]. NaN where the verdict is missing.</param>
/// <param name="Models">Who answered how often, by the endpoint's own word.</param>
public sealed record JudgedCheckpoint(WinRate WinRate, double[] Scores, IReadOnlyDictionary<string, int> Models);
