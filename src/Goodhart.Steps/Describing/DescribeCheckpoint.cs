using Goodhart.Alignment.Training;
using Goodhart.Evaluation.Points;
using Goodhart.Evaluation.Statistics;
using Goodhart.Pipeline;
using Goodhart.Steps.Judging;
using Goodhart.Steps.Measuring;
using Goodhart.Steps.Rows;
using Goodhart.Steps.Scoring;

namespace Goodhart.Steps.Describing;

/// <summary>
/// A measured checkpoint as a study's results hold it: a row of points.csv, its outcomes by prompt, and its first responses.
/// </summary>
public sealed record DescribeCheckpoint : Step<CheckpointEvaluation>
{
    public required MeasureCheckpoint Measured { get; init; }

    /// <summary>The reference's own measurement; null for the reference.</summary>
    public MeasureCheckpoint? Start { get; init; }

    /// <summary>
    /// The reference's log-probs of the held-out pairs, which stand for its own; null for a checkpoint, which is measured on them.
    /// </summary>
    public ReferenceScores? HeldOut { get; init; }

    /// <summary>Null: nothing decides wins.</summary>
    public JudgeCheckpoint? Judged { get; init; }

    /// <summary>The gold reward's judging, whoever decides wins; null where no true reward is known.</summary>
    public JudgeCheckpoint? Gold { get; init; }

    /// <summary>Null: the study has no reward model.</summary>
    public ScoreResponses? Proxy { get; init; }

    public required AnsweredPrompts Prompts { get; init; }

    public required string ModelName { get; init; }

    public required long Parameters { get; init; }

    public required long NonEmbedding { get; init; }

    public required int AlignmentSeed { get; init; }

    /// <summary>Empty for the reference.</summary>
    public string Loss { get; init; } = "";

    public double? Beta { get; init; }

    /// <summary>Of the epoch.</summary>
    public double Fraction { get; init; }

    /// <summary>Updates done.</summary>
    public int Update { get; init; }

    /// <summary>Preference pairs seen, or episodes of PPO.</summary>
    public long Examples { get; init; }

    public override string Label => $"describe {Measured.CheckpointName}";

    public override IReadOnlyDictionary<string, string>? About => CheckpointSubject.Of(ModelName, Loss, Beta, AlignmentSeed, Fraction);

    /// <summary>2: the data set's responses end at any of the model's ends. 3: entropy and what follows it.</summary>
    protected override int Version => 3;

    protected override bool DependsOnNumerics => false;

    protected override Task<CheckpointEvaluation> RunAsync(StepContext context, CancellationToken cancel)
    {
        CheckpointMeasures measures = context.Get(Measured);
        ResponseRecord[] responses = ResponseRecord.Read(context.FileOf(Measured, MeasureCheckpoint.ResponsesFile));
        ResponseRecord[][] byPrompt = [.. responses.Chunk(Measured.Sampling.Samples)];
        JudgedCheckpoint? judged = Judged is null ? null : context.Get(Judged);
        GoldMeasures? gold = Gold is null ? null : context.Get(Gold).Gold;
        CheckpointPoint point = LengthMeasures.AddTo(
            Point(measures, HeldOut is null ? [] : context.Get(HeldOut)),
            [.. responses.Select(response => (double)response.Tokens.Length)],
            [.. responses.Select(response => response.LogProb - response.ReferenceLogProb)]);
        if (measures.Unseen is { } unseen)
        {
            point = unseen.AddTo(point, Start is null ? unseen : context.Get(Start).Unseen!);
        }

        MeanEstimate? proxy = Proxy is null ? null : MeanEstimate.Of([.. context.Get(Proxy).Select(samples => samples.Average())]);
        MeanEstimate? reward = gold is null ? null : MeanEstimate.Of([.. gold.Rewards.Select(samples => samples.Average())]);
        point = point with
        {
            WinRate = judged?.WinRate.Rate,
            WinRateSe = judged?.WinRate.StandardError,
            WinRateSoft = gold?.SoftWinRate.Mean,
            WinRateSoftSe = gold?.SoftWinRate.StandardError,
            GoldReward = reward?.Mean,
            GoldRewardSe = reward?.StandardError,
            ProxyReward = proxy?.Mean,
            ProxyRewardSe = proxy?.StandardError,
        };
        PerPromptOutcomes outcomes = new(judged?.ByPrompt() ?? [], PerPrompt(byPrompt, response => response.Kl))
        {
            Length = PerPrompt(byPrompt, response => response.Length()),
            DataLength = Prompts.ResponseLengths(context),
        };
        return Task.FromResult(new CheckpointEvaluation(
            point, outcomes, [.. byPrompt.Select((samples, i) => new EvaluatedResponse(samples[0].Response, gold?.Rewards[i][0]))],
            gold?.SlotAccuracy ?? new Dictionary<string, double>(), Measured.Cost)
        {
            Bootstrap = measures.Bootstrap,
        });
    }

    private CheckpointPoint Point(CheckpointMeasures measures, ReferencePair[] heldOut)
    {
        CheckpointPoint point = measures.AddTo(new CheckpointPoint
        {
            Loss = Loss,
            Beta = Beta,
            Model = ModelName,
            Parameters = Parameters,
            NonEmbedding = NonEmbedding,
            Seed = AlignmentSeed,
            Fraction = Fraction,
            Step = Update,
            Examples = Examples,
            Kl = 0,
        });
        return point with
        {
            LogProbChosen = point.LogProbChosen ?? Mean(heldOut, pair => pair.Chosen),
            LogProbRejected = point.LogProbRejected ?? Mean(heldOut, pair => pair.Rejected),
        };
    }

    private static double? Mean(ReferencePair[] pairs, Func<ReferencePair, double> value) =>
        pairs.Length == 0 ? null : pairs.Average(value);

    private static double[] PerPrompt(ResponseRecord[][] responses, Func<ResponseRecord, double> value) =>
        [.. responses.Select(samples => samples.Average(value))];
}
