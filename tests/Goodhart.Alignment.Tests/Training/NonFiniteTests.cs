using Goodhart.Alignment.Losses;
using Goodhart.Alignment.Training;
using Goodhart.Engine;
using Goodhart.Engine.Cpu;
using Goodhart.Engine.Optimizers;
using Goodhart.Models;
using Goodhart.Text.Data;
using Xunit;

namespace Goodhart.Alignment.Tests.Training;

/// <summary>A run stops at the first number that is none, and the update in which it appeared changes nothing.</summary>
public sealed class NonFiniteTests : IDisposable
{
    private readonly CpuDevice device = new(1);
    private readonly LanguageModel model;
    private readonly TokenizedPair[] pairs = SmallModel.Pairs(4, 31);

    public NonFiniteTests() => model = SmallModel.Create(device, SmallModel.Config(hidden: 16, vocabulary: 31));

    public static TheoryData<float> Broken => [float.NaN, float.PositiveInfinity];

    [Theory]
    [MemberData(nameof(Broken))]
    public void A_broken_weight_stops_preference_training(float value)
    {
        using PreferenceTrainer trainer = new(model, Options(1e-3), new DpoLoss { Beta = 0.1 }, rowBudget: 20);
        Step(trainer);
        Break(value);
        NonFiniteException error = Stops(trainer.Updater.State, () => Step(trainer));
        Assert.Equal(1, error.Step);
        Assert.Equal([100, 101, 102, 103], error.Rows);
        Assert.StartsWith("Step 1: ", error.Message, StringComparison.Ordinal);
        Assert.Contains("Rows of this batch: 100, 101, 102, 103.", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(Broken))]
    public void A_broken_weight_stops_supervised_training(float value)
    {
        using SupervisedTrainer trainer = new(model, Options(1e-3), new TokenMean { PromptWeight = 0.2 });
        Break(value);
        NonFiniteException error = Stops(
            trainer.Updater.State,
            () => trainer.Step([.. pairs.Select(pair => new TokenizedExample(pair.Id, pair.Prompt, pair.Chosen))], totalSteps: 4));
        Assert.Equal(0, error.Step);
        Assert.Equal([100, 101, 102, 103], error.Rows);
    }

    [Fact]
    public void A_huge_learning_rate_stops_the_run_at_the_update_after()
    {
        using PreferenceTrainer trainer = new(model, Options(1e30), new DpoLoss { Beta = 0.1 });
        Step(trainer);
        Assert.Equal(1, Stops(trainer.Updater.State, () => Step(trainer)).Step);
    }

    [Fact]
    public void A_broken_reference_log_prob_names_its_pair()
    {
        using PreferenceTrainer trainer = new(model, Options(1e-3), new IpoLoss { Beta = 0.1 });
        ReferencePair[] reference = [default, default, new(double.NaN, 0), default];
        NonFiniteException error = Stops(trainer.Updater.State, () => trainer.Step(pairs, reference, totalSteps: 4));
        Assert.Contains("pair 102", error.Message, StringComparison.Ordinal);
    }

    public void Dispose()
    {
        model.Dispose();
        device.Dispose();
    }

    private static TrainingOptions Options(double learningRate) => new()
    {
        Optimizer = new RmsProp(),
        LearningRate = new ConstantSchedule { Peak = learningRate },
        BatchSize = 4,
        ClipNorm = 1,
    };

    private void Step(PreferenceTrainer trainer) => trainer.Step(pairs, new ReferencePair[4], totalSteps: 4);

    private void Break(float value)
    {
        const string Name = "gpt_neox.layers.1.attention.dense.weight";
        float[] values = model.Parameters.Get(Name);
        values[3] = value;
        model.Parameters.Set(Name, values);
    }

    private NonFiniteException Stops(OptimizerState state, Action update)
    {
        int[] before = Bits();
        int steps = state.Steps;
        NonFiniteException error = Assert.Throws<NonFiniteException>(update);
        Assert.Equal(before, Bits());
        Assert.Equal(steps, state.Steps);
        return error;

        int[] Bits() =>
        [
            .. device.ReadF32(model.Parameters.Values)
                .Concat(state.Save().SelectMany(entry => entry.ToArray()))
                .Select(BitConverter.SingleToInt32Bits),
        ];
    }
}
