using Goodhart.Alignment.Training;
using Goodhart.Evaluation.Points;
using Goodhart.Pipeline;
using Goodhart.Studies.Stages.Data;
using Goodhart.Studies.Stages.Judging;
using Goodhart.Studies.Steps;
using Goodhart.Text.Data;

namespace Goodhart.Studies.Stages.Measuring;

/// <summary>A measured checkpoint as a study's results hold it: a row of points.csv, its outcomes by prompt, and its first responses.</summary>
public sealed record DescribeCheckpoint : Step<CheckpointEvaluation>
{
    public required MeasureCheckpoint Measured { get; init; }

    /// <summary>The reference's own measurement; null for the reference.</summary>
    public MeasureCheckpoint? Start { get; init; }

    /// <summary>The reference's log-probs of the held-out pairs, which stand for its own; null for a checkpoint, which is measured on them.</summary>
    public ReferenceScores? HeldOut { get; init; }

    /// <summary>Null: nothing decides wins.</summary>
    public CheckpointJudging? Judged { get; init; }

    public required TokenizeHeldOutPrompts Prompts { get; init; }

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

    /// <summary>Preference pairs seen.</summary>
    public long Examples { get; init; }

    public override string Label => $"describe {Measured.CheckpointName}";

    protected override bool DependsOnNumerics => false;

    protected override Task<CheckpointEvaluation> RunAsync(StepContext context, CancellationToken cancel)
    {
        CheckpointMeasures measures = context.Get(Measured);
        ResponseRecord[] responses = ResponseRecord.Read(context.FileOf(Measured, MeasureCheckpoint.ResponsesFile));
        ResponseRecord[][] byPrompt = [.. responses.Chunk(Measured.Sampling.Samples)];
        TokenizedExample[] data = Prompts.ReadWithResponses(context);
        CheckpointPoint point = LengthMeasures.AddTo(
            Point(measures, HeldOut is null ? [] : context.Get(HeldOut)),
            [.. responses.Select(response => (double)response.Tokens.Length)],
            [.. responses.Select(response => response.LogProb - response.ReferenceLogProb)]);
        if (measures.Unseen is { } unseen)
        {
            point = unseen.AddTo(point, Start is null ? unseen : context.Get(Start).Unseen!);
        }

        JudgedCheckpoint? judged = Judged is null ? null : context.Get(Judged);
        if (judged is { WinRate: { } rate })
        {
            point = point with { WinRate = rate.Rate, WinRateSe = rate.StandardError };
        }

        int eos = Prompts.Source.Tokenizer.Open().EosId;
        PerPromptOutcomes outcomes = new(judged?.Scores ?? [], PerPrompt(byPrompt, response => response.Kl))
        {
            Length = PerPrompt(byPrompt, response => response.Length()),
            DataLength = [.. data.Select(row => (double)row.Response.Length - (row.Response[^1] == eos ? 1 : 0))],
        };
        return Task.FromResult(new CheckpointEvaluation(
            point, outcomes, [.. byPrompt.Select(samples => new EvaluatedResponse(samples[0].Response, null))],
            new Dictionary<string, double>(), Measured.Cost));
    }

    private CheckpointPoint Point(CheckpointMeasures measures, ReferencePair[] heldOut) => new()
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
        Kl = measures.Kl.Mean,
        KlSe = measures.Kl.StandardError,
        KlK1 = measures.KlK1.Mean,
        KlK1Se = measures.KlK1.StandardError,
        Length = measures.Length.Mean,
        LengthSe = measures.Length.StandardError,
        EosRate = measures.EosRate,
        Repetition = measures.Repetition,
        ForwardKl = measures.Pairs?.ForwardKl,
        ForwardKlSe = measures.Pairs?.ForwardKlSe,
        LossValue = measures.Pairs?.LossValue,
        Accuracy = measures.Pairs?.Accuracy,
        Margin = measures.Pairs?.Margin,
        LogProbChosen = measures.Pairs?.LogProbChosen ?? Mean(heldOut, pair => pair.Chosen),
        LogProbRejected = measures.Pairs?.LogProbRejected ?? Mean(heldOut, pair => pair.Rejected),
        RewardChosen = measures.Pairs?.RewardChosen,
        RewardRejected = measures.Pairs?.RewardRejected,
    };

    private static double? Mean(ReferencePair[] pairs, Func<ReferencePair, double> value) => pairs.Length == 0 ? null : pairs.Average(value);

    private static double[] PerPrompt(ResponseRecord[][] responses, Func<ResponseRecord, double> value) =>
        [.. responses.Select(samples => samples.Average(value))];
}
