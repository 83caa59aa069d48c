using Goodhart.Evaluation.Judges;
using Goodhart.Evaluation.Judges.Reports;
using Goodhart.Pipeline;
using Goodhart.Steps.Measuring;
using Goodhart.Steps.Rows;

namespace Goodhart.Steps.Judging;

/// <summary>Has a checkpoint's sampled responses judged against the data set's. Verdicts are in verdicts.jsonl.</summary>
/// <remarks>The judge reads what the policy read: prompts and responses cut to the study's length budget.</remarks>
public sealed record JudgeCheckpoint : Step<JudgedCheckpoint>
{
    public required MeasureCheckpoint Measured { get; init; }

    public required AnsweredPrompts Prompts { get; init; }

    public required JudgeIdentity Judge { get; init; }

    [NotInKey]
    public required JudgeNeed Need { get; init; }

    public override string Label => $"judge {Measured.CheckpointName}";

    public override double EstimatedCost => Need.Flops;

    /// <summary>2: scores by sample. 3: the data set's responses end at any of the model's ends.</summary>
    protected override int Version => 3;

    protected override bool DependsOnNumerics => Judge.DependsOnNumerics;

    protected override async Task<JudgedCheckpoint> RunAsync(StepContext context, CancellationToken cancel)
    {
        JudgedSamples samples = JudgedSamples.Read(Measured, Prompts, context);
        Verdicts verdicts = await Judge.JudgeAsync(context, samples, new Told(context), cancel).ConfigureAwait(false);
        Judge.Write(context.OutputDirectory, verdicts);
        WinRate rate = WinRate.Of(verdicts.Judgements);
        context.Report(new ProgressReport(1, "done", new Dictionary<string, double> { ["winrate/judge"] = rate.Rate }));
        return new JudgedCheckpoint(
            rate,
            [.. verdicts.Judgements.Select(judgement => judgement.Score ?? double.NaN).Chunk(Measured.Sampling.Samples)],
            verdicts.Judgements.SelectMany(judgement => judgement.Orders).Select(order => order.Model).OfType<string>()
                .CountBy(model => model).OrderBy(model => model.Key, StringComparer.Ordinal).ToDictionary(StringComparer.Ordinal))
        {
            Gold = verdicts.Gold,
        };
    }

    private sealed class Told(StepContext context) : IProgress<JudgeProgress>
    {
        public void Report(JudgeProgress value) =>
            context.Report(new ProgressReport((double)value.Done / Math.Max(1, value.Total), "judging"));
    }
}

/// <param name="Scores">The policy's score against the data set's response, in [0, 1], by prompt and sample. NaN where the verdict is
/// missing.</param>
/// <param name="Models">Who answered how often, by the endpoint's own word.</param>
public sealed record JudgedCheckpoint(WinRate WinRate, double[][] Scores, IReadOnlyDictionary<string, int> Models)
{
    /// <summary>Of the judge that knows the true reward; null for others.</summary>
    public GoldMeasures? Gold { get; init; }

    /// <summary>By prompt, the mean over the samples that have a verdict; NaN where none has.</summary>
    public double[] ByPrompt() => Array.ConvertAll(Scores, own => own.Where(double.IsFinite).DefaultIfEmpty(double.NaN).Average());
}
