using Goodhart.Alignment.Losses;
using Goodhart.Alignment.Training;
using Goodhart.Engine.Cpu;
using Goodhart.Engine.Optimizers;
using Goodhart.Models;
using Goodhart.Models.Scoring;
using Xunit;

namespace Goodhart.Alignment.Tests.Training;

/// <summary>That a batch's cut, threads and restarts change no bit stands in <see cref="TrainingInvarianceTests"/>.</summary>
public sealed class KtoTrainerTests
{
    [Fact]
    public void Training_draws_desirable_responses_up_and_the_others_down()
    {
        using CpuDevice device = new(1);
        using LanguageModel model = SmallModel.Create(device, SmallModel.Config());
        KtoRow[] rows = SmallResponses.Rows(SmallModel.Pairs(12, 101));
        KtoLogProbs[] reference = Scores(model, rows);
        using KtoTrainer trainer = new(model, Options, SmallResponses.Loss);
        KtoReport first = trainer.Step(rows, reference, 40);

        // The policy is the reference: z, every log-ratio and so the loss are exact.
        Assert.Equal((0.0, 0.0, 0.0), (first.Kl, first.RewardDesirable, first.RewardUndesirable));
        Assert.Equal(SmallResponses.Loss.ValueAtReference(first.Desirable, first.Undesirable), first.Loss, 1e-15);
        Assert.Equal((9, 15), (first.Desirable, first.Undesirable));
        KtoReport last = first;
        for (int step = 1; step < 40; step++)
        {
            last = trainer.Step(rows, reference, 40);
        }

        Assert.True(last.Loss < first.Loss - 0.05, $"{first.Loss} to {last.Loss}");
        Assert.True(last.LogProbDesirable > first.LogProbDesirable + 1, $"{first.LogProbDesirable} to {last.LogProbDesirable}");
        Assert.True(last.LogProbUndesirable < first.LogProbUndesirable - 1, $"{first.LogProbUndesirable} to {last.LogProbUndesirable}");
    }

    [Fact]
    public void The_kl_is_the_mean_log_ratio_of_the_mismatched_responses()
    {
        using CpuDevice device = new(1);
        using LanguageModel model = SmallModel.Create(device, SmallModel.Config());
        KtoRow[] rows = SmallResponses.Rows(SmallModel.Pairs(6, 101));
        KtoLogProbs[] scores = Scores(model, rows);
        KtoLogProbs[] lower = [.. scores.Select((score, i) => score with { Mismatched = score.Mismatched - i })];
        KtoLogProbs[] higher = [.. scores.Select((score, i) => score with { Mismatched = score.Mismatched + i })];
        using KtoTrainer trainer = new(model, Options with { LearningRate = new ConstantSchedule { Peak = 1e-30 } }, SmallResponses.Loss);
        KtoReport moved = trainer.Step(rows, lower, 1);
        Assert.Equal(5.5, moved.Kl, 1e-12);   // the mean of 0 to 11
        Assert.Equal(
            rows.Average(row => SmallResponses.Loss.Term(0, row.Labelled.IsDesirable, 5.5).Loss), moved.Loss, 1e-12);
        Assert.Equal(0, trainer.Step(rows, higher, 1).Kl);
    }

    [Fact]
    public void A_log_prob_that_is_none_stops_the_run()
    {
        using CpuDevice device = new(1);
        using LanguageModel model = SmallModel.Create(device, SmallModel.Config());
        KtoRow[] rows = SmallResponses.Rows(SmallModel.Pairs(3, 101));
        KtoLogProbs[] scores = Scores(model, rows);
        using KtoTrainer trainer = new(model, Options, SmallResponses.Loss);
        Assert.StartsWith(
            "Step 0: z, the KL estimate of kto, is not finite. Rows of this batch: 100, 100, 101,",
            Assert.Throws<NonFiniteException>(() => trainer.Step(rows, With(score => score with { Mismatched = double.NaN }), 1)).Message,
            StringComparison.Ordinal);
        Assert.StartsWith(
            "Step 0: the loss of row 101 is not finite.",
            Assert.Throws<NonFiniteException>(() => trainer.Step(rows, With(score => score with { Own = double.NaN }), 1)).Message,
            StringComparison.Ordinal);

        KtoLogProbs[] With(Func<KtoLogProbs, KtoLogProbs> change) => [.. scores.Select((score, i) => i == 2 ? change(score) : score)];
    }

    private static TrainingOptions Options { get; } = new()
    {
        Optimizer = new RmsProp(),
        LearningRate = new ConstantSchedule { Peak = 1e-3 },
        BatchSize = 24,
        ClipNorm = 10,
    };

    private static KtoLogProbs[] Scores(LanguageModel model, KtoRow[] rows)
    {
        using ResponseScorer scorer = new(model);
        return [.. scorer.LogProbs([.. rows.Select(row => row.BothTree)]).Select(both => new KtoLogProbs(both[0], both[1]))];
    }
}
