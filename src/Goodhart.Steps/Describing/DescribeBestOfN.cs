using Goodhart.Evaluation.Points;
using Goodhart.Evaluation.Statistics;
using Goodhart.Pipeline;
using Goodhart.Steps.Judging;
using Goodhart.Steps.Measuring;
using Goodhart.Steps.Rows;

namespace Goodhart.Steps.Describing;

/// <summary>Best-of-n from a pool of the SFT model's samples, as a study's results hold it.</summary>
public sealed record DescribeBestOfN : Step<CheckpointEvaluation>
{
    /// <summary>The pool: the SFT model's samples, many to a prompt.</summary>
    public required MeasureCheckpoint Pool { get; init; }

    /// <summary>By which the best is chosen.</summary>
    public required ScoreResponses Reward { get; init; }

    /// <summary>Every sample of the pool; null: nothing decides wins.</summary>
    public JudgeCheckpoint? Judged { get; init; }

    /// <summary>The gold reward's judging of the pool; null where no true reward is known.</summary>
    public JudgeCheckpoint? Gold { get; init; }

    /// <summary>The SFT model's own description: for the sizes that a point states.</summary>
    public required DescribeCheckpoint Start { get; init; }

    public required AnsweredPrompts Prompts { get; init; }

    public required int N { get; init; }

    public override string Label => FormattableString.Invariant($"best of {N}, {Start.ModelName}");

    public override IReadOnlyDictionary<string, string>? About =>
        CheckpointSubject.Of(Start.ModelName, RlhfMethods.BestOfN, null, Start.AlignmentSeed, 1);

    /// <summary>2: the data set's responses end at any of the model's ends.</summary>
    protected override int Version => 2;

    protected override bool DependsOnNumerics => false;

    protected override Task<CheckpointEvaluation> RunAsync(StepContext context, CancellationToken cancel)
    {
        ResponseRecord[][] samples =
            [.. ResponseRecord.Read(context.FileOf(Pool, MeasureCheckpoint.ResponsesFile)).Chunk(Pool.Sampling.Samples)];
        BestOfNMeasures best = new(context.Get(Reward), N);
        double[] length = best.Means([.. samples.Select(own => Array.ConvertAll(own, sample => (double)sample.Length()))]);
        CheckpointPoint point = best.Point(context.Get(Start).Point, length);
        GoldMeasures? gold = Gold is null ? null : context.Get(Gold).Gold;
        double[] win = Judged is null ? [] : best.MeansOfKnown(context.Get(Judged).Scores);
        MeanEstimate? wins = Judged is null ? null : MeanEstimate.Of([.. win.Where(double.IsFinite)]);
        MeanEstimate? reward = gold is null ? null : MeanEstimate.Of(best.Means(gold.Rewards));
        point = point with
        {
            WinRate = wins?.Mean,
            WinRateSe = wins?.StandardError,
            GoldReward = reward?.Mean,
            GoldRewardSe = reward?.StandardError,
        };
        PerPromptOutcomes outcomes = new(win, best.Kl) { Length = length, DataLength = Prompts.ResponseLengths(context) };
        return Task.FromResult(new CheckpointEvaluation(
            point, outcomes,
            [.. best.Winners.Select((winner, i) => new EvaluatedResponse(samples[i][winner].Response, gold?.Rewards[i][winner]))],
            new Dictionary<string, double>(), 0));
    }
}
