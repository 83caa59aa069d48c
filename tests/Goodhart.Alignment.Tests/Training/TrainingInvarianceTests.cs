using Goodhart.Alignment.Training;
using Xunit;

namespace Goodhart.Alignment.Tests.Training;

/// <summary>Whatever is not in a step's key changes no bit of the trained weights.</summary>
public sealed class TrainingInvarianceTests
{
    [Theory]
    [MemberData(nameof(TrainingRun.Losses), MemberType = typeof(TrainingRun))]
    public void Gradient_accumulation_changes_memory_only(string loss)
    {
        Assert.InRange(TrainingRun.RowsOfABatch, 200, 4000);
        Check(new TrainingRun(loss), [.. ((int[])[1, 64, 200]).Select(budget => new TrainingRun(loss) { RowBudget = budget })]);
    }

    [Theory]
    [MemberData(nameof(TrainingRun.Losses), MemberType = typeof(TrainingRun))]
    public void Threads_change_speed_only(string loss) =>
        Check(new TrainingRun(loss), [.. ((int[])[2, 3]).Select(threads => new TrainingRun(loss) { Threads = threads })]);

    [Theory]
    [MemberData(nameof(TrainingRun.Losses), MemberType = typeof(TrainingRun))]
    public void A_resumed_run_is_the_same_run(string loss) =>
        Check(
            new TrainingRun(loss),
            new TrainingRun(loss) { RestartAfter = 2 },
            new TrainingRun(loss) { RestartAfter = 4, Threads = 2, RowBudget = 64 });

    [Theory]
    [MemberData(nameof(TrainingRun.Losses), MemberType = typeof(TrainingRun))]
    public void Activation_checkpointing_changes_memory_only(string loss)
    {
        TrainingMemory less = new() { ActivationCheckpointing = true };
        Check(
            new TrainingRun(loss),
            new TrainingRun(loss) { Memory = less },
            new TrainingRun(loss) { Memory = less, Threads = 2, RowBudget = 64, RestartAfter = 2 });
    }

    private static void Check(TrainingRun expected, params TrainingRun[] others)
    {
        (float[] parameters, double[] losses) = expected.Train();
        Assert.Equal(TrainingRun.Updates, losses.Distinct().Count());
        foreach (TrainingRun other in others)
        {
            (float[] otherParameters, double[] otherLosses) = other.Train();
            Assert.Equal(Bits(parameters), Bits(otherParameters));
            Assert.Equal(losses, otherLosses);
        }
    }

    private static int[] Bits(float[] values) => [.. values.Select(BitConverter.SingleToInt32Bits)];
}
