using System.Globalization;
using Goodhart.Evaluation.Judges.Reports;
using Goodhart.Evaluation.Points;
using Goodhart.Evaluation.Statistics;
using Goodhart.Pipeline;
using Goodhart.Steps.Judging;
using Goodhart.Steps.Lines;
using Goodhart.Steps.Measuring;
using Goodhart.Steps.Training;

namespace Goodhart.Serve.Tests.Written;

/// <summary>A part of a training run as the real one stores it, without the training.</summary>
public sealed record WrittenSegment : Step<SegmentResult>
{
    public required string Run { get; init; }

    public required int End { get; init; }

    public WrittenSegment? Previous { get; init; }

    /// <summary>Called in the midst of it: to look at it while it runs, or to make it fail.</summary>
    [NotInKey]
    public Action<StepContext>? Midway { get; init; }

    public override string Name => "preference-segment";

    public override string Label => $"{Run} to update {End}";

    public override double EstimatedCost => 100;

    protected override Task<SegmentResult> RunAsync(StepContext context, CancellationToken cancel)
    {
        int start = Previous?.End ?? 0;
        List<MetricRow> log = [];
        for (int update = start + 1; update <= End; update++)
        {
            Dictionary<string, double> values = new() { ["loss"] = 1.0 / update, ["rewards/margins"] = 0.1 * update };
            log.Add(new MetricRow(update, (double)update / 100, values));
            context.Report(new ProgressReport(
                (double)(update - start) / (End - start), string.Create(CultureInfo.InvariantCulture, $"update {update}/100"), values));
            if (update == start + 2)
            {
                Midway?.Invoke(context);
            }
        }

        return Task.FromResult(new SegmentResult(End, log));
    }
}

/// <summary>Samples as the real one stores them.</summary>
public sealed record WrittenMeasure : Step<string>
{
    public WrittenSegment? Policy { get; init; }

    public required string Who { get; init; }

    public override string Name => "measure-checkpoint";

    public override string Label => $"evaluate {Who}";

    protected override Task<string> RunAsync(StepContext context, CancellationToken cancel)
    {
        IEnumerable<string> lines =
            from prompt in WrittenStudy.Prompts
            from sample in Enumerable.Range(0, 2)
            select JsonLines.Write(new ResponseRecord(
                prompt.Id, sample, prompt.Prompt, $"{Who} says {prompt.Id}.{sample} <b>&", sample == 0 ? "eos" : "length", -5, -7.5, 2.5, [1, 2, 3]));
        File.WriteAllLines(Path.Combine(context.OutputDirectory, MeasureCheckpoint.ResponsesFile), lines);
        return Task.FromResult(Who);
    }
}

/// <summary>Verdicts as the gold judge stores them.</summary>
public sealed record WrittenJudge : Step<JudgedCheckpoint>
{
    public required WrittenMeasure Measured { get; init; }

    public override string Name => "judge-checkpoint";

    public override string Label => $"judge {Measured.Who}";

    protected override Task<JudgedCheckpoint> RunAsync(StepContext context, CancellationToken cancel)
    {
        double[][] scores = [.. WrittenStudy.Prompts.Select((_, i) => new[] { i % 2 == 0 ? 1.0 : 0, 0.5 })];
        return Task.FromResult(new JudgedCheckpoint(
            new WinRate(6, 3, 2, 3, 1, 0, 0, 0, 0.5, 0.1, new ConfidenceInterval(0.3, 0.7, 0.95), 1, null, null), scores,
            new Dictionary<string, int>())
        {
            Gold = new GoldMeasures(scores, [.. WrittenStudy.Prompts.Select(_ => 0.25)], new MeanEstimate(0.5, 0.1, 3), new Dictionary<string, double>()),
        });
    }
}

/// <summary>A described checkpoint as the real one stores it.</summary>
public sealed record WrittenCheckpoint : Step<CheckpointEvaluation>
{
    public required WrittenMeasure Measured { get; init; }

    public required WrittenJudge Judged { get; init; }

    public required WrittenJudge Gold { get; init; }

    public required CheckpointPoint Point { get; init; }

    public override string Name => "describe-checkpoint";

    public override string Label => $"describe {Measured.Who}";

    public override IReadOnlyDictionary<string, string>? About => new Dictionary<string, string>
    {
        ["model"] = Point.Model,
        ["loss"] = Point.Loss,
        ["seed"] = Point.Seed.ToString(CultureInfo.InvariantCulture),
        ["fraction"] = Point.Fraction.ToString(CultureInfo.InvariantCulture),
        ["beta"] = (Point.Beta ?? 0).ToString(CultureInfo.InvariantCulture),
    };

    protected override Task<CheckpointEvaluation> RunAsync(StepContext context, CancellationToken cancel) => Task.FromResult(
        new CheckpointEvaluation(Point, new PerPromptOutcomes([1, 0, 1], [1, 2, 3]), [], new Dictionary<string, double>(), 0));
}

/// <summary>Ends the graph of a whole study.</summary>
public sealed record WrittenAnalysis : Step<string>
{
    public required IReadOnlyList<WrittenCheckpoint> Evaluations { get; init; }

    public override string Name => "analyse-study";

    protected override Task<string> RunAsync(StepContext context, CancellationToken cancel) => Task.FromResult("analysed");
}
