using Goodhart.Alignment.PolicyGradient;
using Goodhart.Alignment.Training;
using Xunit;

namespace Goodhart.Alignment.Tests.PolicyGradient;

/// <summary>On problems that can be enumerated, PPO and RLOO find π* ∝ π_ref exp(r/β).</summary>
public sealed class PolicyGradientTrainerTests
{
    [Theory]
    [InlineData(1, false)]
    [InlineData(1, true)]
    [InlineData(2, false)]
    [InlineData(2, true)]
    public void Reaches_the_optimum_of_equation_3(int limit, bool rloo)
    {
        using EnumerableProblem problem = new(limit);
        Assert.Equal(1, problem.Probabilities().Sum(), 4);
        double start = problem.TotalVariation();
        double best = problem.Objective(problem.Optimum);
        double first = problem.Objective(problem.Probabilities());
        using PolicyGradientTrainer trainer = rloo ? problem.Rloo() : problem.Ppo();
        const int Collections = 200;
        PolicyGradientReport report = problem.Step(trainer, Collections);
        Assert.Equal(0, report.Kl, 3);
        for (int i = 1; i < Collections; i++)
        {
            report = problem.Step(trainer, Collections);
        }

        // The bound of the whole: sampling noise of the last, small steps. The gap of the objective is β KL(π‖π*).
        Assert.True(start > 0.4, $"starts at a distance of {start}");
        Assert.True(problem.TotalVariation() < 0.06, $"ends at a distance of {problem.TotalVariation()}");
        double end = problem.Objective(problem.Probabilities());
        Assert.True(best - end < 0.02 * (best - first), $"objective {first} -> {end}, optimum {best}");
        Assert.Equal(end, report.Reward, 0.25);
    }

    [Fact]
    public void The_value_model_warms_up_before_the_policy_moves()
    {
        using EnumerableProblem problem = new(2);
        using PpoTrainer trainer = problem.Ppo(options => options with { ValueWarmup = 3 });
        double[] before = problem.Probabilities();
        double firstLoss = problem.Step(trainer, 10).ValueLoss;
        problem.Step(trainer, 10);
        double lastLoss = problem.Step(trainer, 10).ValueLoss;
        Assert.Equal(before, problem.Probabilities());
        Assert.True(lastLoss < firstLoss, $"value loss {firstLoss} -> {lastLoss}");
        problem.Step(trainer, 10);
        Assert.NotEqual(before, problem.Probabilities());
    }

    [Fact]
    public void How_a_batch_is_cut_and_what_saves_memory_change_no_bit()
    {
        double[] Run(int rowBudget, TrainingMemory? memory = null)
        {
            using EnumerableProblem problem = new(2);
            using PpoTrainer trainer = problem.Ppo(
                options => options with { MiniBatches = 3, ValueWarmup = 0, WhitenRewards = true }, rowBudget, memory);
            for (int i = 0; i < 3; i++)
            {
                problem.Step(trainer, 3, prompts: 8);
            }

            return problem.Probabilities();
        }

        double[] expected = Run(100_000);
        Assert.Equal(expected, Run(70));
        Assert.Equal(expected, Run(100_000, new TrainingMemory { ActivationCheckpointing = true, OffloadsOptimizer = true }));
    }

    [Fact]
    public void A_response_that_never_ends_pays_and_a_missing_score_stops_the_run()
    {
        using EnumerableProblem problem = new(1);
        using PpoTrainer plain = problem.Ppo();
        using PpoTrainer paying = problem.Ppo(options => options with { MissingEos = new MissingEosPenalty(2) });
        PolicyGradientReport without = problem.Step(plain, 1);
        PolicyGradientReport with = problem.Step(paying, 1);
        Assert.Equal(without.Scores - (2 * (1 - without.EosRate)), with.Scores, 6);

        // The value models warm up, so the policy and its samples are the same in every run here.
        using PpoTrainer fixedScore = problem.Ppo(options => options with { MissingEos = new MissingEosScore(-1) });
        double ended = without.EosRate * problem.Rewards[0];   // token 0 alone ends within one token
        Assert.InRange(without.EosRate, 0.05, 0.95);
        Assert.Equal(ended - (1 - without.EosRate), problem.Step(fixedScore, 1).Scores, 6);
        using PpoTrainer clipped = problem.Ppo(options => options with { ScoreClip = 0.01, MissingEos = new MissingEosPenalty(2) });
        Assert.InRange(problem.Step(clipped, 1).Scores + (2 * (1 - without.EosRate)), -0.01, 0.01);
        Assert.Contains(
            "a score or a log-prob",
            Assert.Throws<Goodhart.Alignment.Training.NonFiniteException>(
                () => plain.Step([new Episode(7, [3], [1, 0], true, double.NaN, [-1, -1])], 1)).Message,
            StringComparison.Ordinal);
    }
}
