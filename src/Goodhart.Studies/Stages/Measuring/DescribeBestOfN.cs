using Goodhart.Evaluation.Points;
using Goodhart.Evaluation.Statistics;
using Goodhart.Pipeline;
using Goodhart.Studies.Judging;
using Goodhart.Studies.Stages.Data;
using Goodhart.Studies.Stages.Judging;
using Goodhart.Studies.Steps;
using Goodhart.Text.Data;

namespace Goodhart.Studies.Stages.Measuring;

/// <summary>Best-of-n from a pool of the SFT model's samples, as a study's results hold it.</summary>
public sealed record DescribeBestOfN : Step<CheckpointEvaluation>
{
    /// <summary>The pool: the SFT model's samples, many to a prompt.</summary>
    public required MeasureCheckpoint Pool { get; init; }

    /// <summary>By which the best is chosen.</summary>
    public required ScoreResponses Reward { get; init; }

    /// <summary>Every sample of the pool; null: nothing decides wins.</summary>
    public JudgeCheckpoint? Judged { get; init; }

    /// <summary>The SFT model's own description: for the sizes that a point states.</summary>
    public required DescribeCheckpoint Start { get; init; }

    public required TokenizeHeldOutPrompts Prompts { get; init; }

    public required int N { get; init; }

    public override string Label => FormattableString.Invariant($"best of {N}, {Start.ModelName}");

    protected override bool DependsOnNumerics => false;

    protected override Task<CheckpointEvaluation> RunAsync(StepContext context, CancellationToken cancel)
    {
        ResponseRecord[][] samples =
            [.. ResponseRecord.Read(context.FileOf(Pool, MeasureCheckpoint.ResponsesFile)).Chunk(Pool.Sampling.Samples)];
        BestOfNMeasures best = new(context.Get(Reward), N);
        double[] length = best.Means([.. samples.Select(own => Array.ConvertAll(own, sample => (double)sample.Length()))]);
        CheckpointPoint point = best.Point(context.Get(Start).Point, length);
        double[] win = [];
        if (Judged is not null)
        {
            win = best.MeansOfKnown([.. VerdictFile.Scores(context.FileOf(Judged, VerdictFile.Name)).Chunk(Pool.Sampling.Samples)]);
            MeanEstimate wins = MeanEstimate.Of([.. win.Where(double.IsFinite)]);
            point = point with { WinRate = wins.Mean, WinRateSe = wins.StandardError };
        }

        TokenizedExample[] data = Prompts.ReadWithResponses(context);
        int eos = Prompts.Source.Tokenizer.Open().EosId;
        PerPromptOutcomes outcomes = new(win, best.Kl)
        {
            Length = length,
            DataLength = [.. data.Select(row => (double)row.Response.Length - (row.Response[^1] == eos ? 1 : 0))],
        };
        return Task.FromResult(new CheckpointEvaluation(
            point, outcomes, [.. best.Winners.Select((winner, i) => new EvaluatedResponse(samples[i][winner].Response, null))], new Dictionary<string, double>(), 0));
    }
}
