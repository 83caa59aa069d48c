using System.Globalization;
using Goodhart.Evaluation.Forecasts;
using Goodhart.Evaluation.Judges;
using Goodhart.Evaluation.Judges.Reports;
using Goodhart.Evaluation.Statistics;
using Goodhart.Steps.Folders;
using Goodhart.Steps.Judging;
using Goodhart.Steps.Measuring;
using Goodhart.Steps.Publishing;
using Goodhart.Steps.Rows;
using Goodhart.Steps.Training;

namespace Goodhart.Steps.Runs.Stopping;

/// <summary>Measures and judges a run's checkpoints as they come, and asks the rule whether to go on.</summary>
/// <remarks>Samples are steps of the run and paid verdicts are kept in its folder, so a resumed run comes to the same decisions.</remarks>
/// <param name="totalSteps">Updates planned.</param>
internal sealed class PeakWatch(PeakInputs inputs, int totalSteps)
{
    private readonly PeakSettings settings = inputs.Settings;
    private readonly List<Measured> measured = [];
    private StopDecision? decision;

    /// <summary>Trains from checkpoint to checkpoint until the rule or the plan ends it.</summary>
    /// <returns>The parts that were trained.</returns>
    public async Task<IReadOnlyList<TrainingSegment>> RunAsync(
        StageRun run, IReadOnlyList<TrainingSegment> segments, IReadOnlyList<HeldOutStep> evaluations, int rowBudget,
        CancellationToken cancel)
    {
        TokenizedData data = await run.Runner.RunAsync(inputs.Prompts, cancel).ConfigureAwait(false);
        if (data.Rows < 2)
        {
            throw new InvalidDataException(string.Create(
                CultureInfo.InvariantCulture,
                $"{settings.PromptsPath}: expected at least 2 prompts to compare checkpoints on, found {data.Rows} that can be used of "
                    + $"{data.Read}."));
        }

        using JudgeSession session = JudgeSession.Open(settings.Judge, run.Directory);
        for (int i = 0; i < segments.Count; i++)
        {
            if (!segments[i].KeepsWeights)
            {
                continue;
            }

            // The next part needs the optimizer's state, and a run that goes on without the rule does too.
            TrainingSegment[] done = [.. segments.Take(i), segments[i] with { KeepsOptimizer = true }];
            MeasureCheckpoint measure = Measure(segments[i], data, rowBudget);
            HeldOutStep[] scores = [.. evaluations.Where(score => score.End <= segments[i].End)];
            await TrainingRun.RunAsync(run, done, scores, cancel, measure).ConfigureAwait(false);
            if (await JudgeAsync(run, segments[i], measure, session, cancel).ConfigureAwait(false))
            {
                return [.. segments.Take(i + 1)];
            }
        }

        return segments;
    }

    /// <summary>Of the run that has ended.</summary>
    public PeakRecord Record()
    {
        PeakCheckpoint[] checkpoints = [.. Measurements().Zip(measured, Describe)];
        int best = settings.Rule.Keep(Measurements());
        return new PeakRecord(
            settings.Rule.Name, settings.Rule.Words, settings.Judge.Name,
            new PromptsRecord(inputs.Prompts.File.Data.Path, inputs.Prompts.File.Data.Sha256),
            CommonPrompts().Length, decision!.Stop
                && measured[^1].Segment.End < totalSteps, decision.Reason, checkpoints[best], checkpoints);
    }

    private MeasureCheckpoint Measure(TrainingSegment segment, TokenizedData data, int rowBudget) => new()
    {
        Policy = new StoredModel(segment),
        Reference = new NamedFolder(inputs.Reference.Folder),
        Prompts = inputs.Prompts,
        Sampling = settings.Sampling,
        CheckpointName = FormattableString.Invariant($"step-{segment.End}"),
        RowBudget = rowBudget,
        Cost = MeasureCheckpoint.CostOf(inputs.Reference.Config, settings.Sampling, data, null),
        Bytes = MeasureCheckpoint.BytesOf(settings.Sampling, data),
    };

    /// <returns>Whether to stop.</returns>
    private async Task<bool> JudgeAsync(
        StageRun run, TrainingSegment segment, MeasureCheckpoint measure, JudgeSession session, CancellationToken cancel)
    {
        run.Services.Add(session).Add(settings.Progress?.Invoke() ?? new Progress<JudgeProgress>());
        IReadOnlyList<PairJudgement> judgements =
            await JudgePairs.JudgeAsync(run.Runner, session, SampledPairs.Of(inputs.Prompts, [measure]), null, cancel)
                .ConfigureAwait(false);
        measured.Add(new Measured(segment, run.Runner.Read(measure), PromptScores.Of(judgements)));
        if (CommonPrompts().Length < 2)
        {
            throw new JudgeException(string.Create(
                CultureInfo.InvariantCulture,
                $"expected verdicts on 2 or more prompts at every checkpoint, found {CommonPrompts().Length}: checkpoints cannot be "
                    + $"compared. Look at the stored replies; another --template, or more --reply-tokens or --limit, may help."));
        }

        decision = settings.Rule.Decide(Measurements());
        return decision.Stop;
    }

    private RunMeasurement[] Measurements()
    {
        string[] common = CommonPrompts();
        return
        [
            .. measured.Select(checkpoint =>
            {
                double[] scores = [.. common.Select(prompt => checkpoint.Scores[prompt])];
                return new RunMeasurement(
                    (double)checkpoint.Segment.End / totalSteps, scores.Average(), MeanEstimate.Of(scores).StandardError,
                    Math.Sqrt(Math.Max(0, checkpoint.Measures.Kl.Mean)), scores);
            }),
        ];
    }

    /// <summary>Comparisons are paired: on the prompts that every checkpoint has a verdict for.</summary>
    private string[] CommonPrompts() =>
        [.. measured[0].Scores.Keys.Where(prompt => measured.TrueForAll(checkpoint => checkpoint.Scores.ContainsKey(prompt)))];

    private static PeakCheckpoint Describe(RunMeasurement measurement, Measured of) => new(
        RunFolder.CheckpointName(of.Segment.End), of.Segment.End, measurement.Fraction, measurement.Score, measurement.StandardError,
        of.Measures.Kl.Mean, of.Measures.Kl.StandardError);

    private sealed record Measured(TrainingSegment Segment, CheckpointMeasures Measures, IReadOnlyDictionary<string, double> Scores);
}
