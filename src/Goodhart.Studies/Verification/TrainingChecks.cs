using Goodhart.Alignment.Training;
using Goodhart.Engine;
using Goodhart.Text;

namespace Goodhart.Studies.Verification;

/// <summary>Checks of training: what must be known at step 0, and what must not change the weights.</summary>
internal sealed class TrainingChecks(VerifiedTraining run, IDevice device, Func<int, IDevice> createDevice)
{
    private const string Weights = "weights after two updates";

    private readonly Tolerances tolerances = new(device.Info);

    private VerifiedTraining.Outcome Usual => field ??= Moved(run.InOneGo(device));

    public CheckResult StepZeroLoss() => new(
        "step 0 loss", "DPO loss with the model as its own reference, and ln 2",
        Math.Abs(Usual.First.Loss - Math.Log(2)), tolerances.StepZeroLoss(VerifiedTraining.Loss.Beta, run.Pairs));

    public CheckResult StepZeroRewards()
    {
        PreferenceReport first = Usual.First;
        return new CheckResult(
            "step 0 rewards", "rewards of chosen and rejected with the model as its own reference, and 0",
            Math.Max(Math.Abs(first.RewardChosen), Math.Abs(first.RewardRejected)),
            tolerances.StepZeroRewards(VerifiedTraining.Loss.Beta, run.Pairs));
    }

    public CheckResult MicroBatches() => Same(
        "micro-batches", "with the batch whole, and cut into single pairs", run.InOneGo(device, rowBudget: 1).Weights);

    public CheckResult Threads()
    {
        int other = device.Info.Threads == 1 ? 3 : 1;
        using IDevice second = createDevice(other);
        return Same(
            "threads", FormattableString.Invariant($"with {Quantity.Of(device.Info.Threads, "thread")}, and with {other}"),
            run.InOneGo(second).Weights);
    }

    public CheckResult Resume() =>
        Same("resume", "in one go, and with a save and a restore between them", run.Interrupted(device));

    /// <summary>Bit for bit on a device that promises it, and elsewhere as a share of how far the weights moved.</summary>
    private CheckResult Same(string name, string ways, float[] other) => device.Info.PromisesBits
        ? new(name, $"{Weights} {ways}", Difference.Largest(Usual.Weights, other), Tolerances.Bits)
        : new(
            name, $"{Weights} {ways}: the distance, by that from the start", Difference.Norm(Usual.Weights, other) / Usual.Moved,
            tolerances.Moved);

    private static VerifiedTraining.Outcome Moved(VerifiedTraining.Outcome outcome) => outcome.Moved > 0 || double.IsNaN(outcome.Moved)
        ? outcome
        : throw new InvalidOperationException(
            "verify: two updates left every weight as it was, so comparing weights would show nothing. "
            + "Give other --data: chosen and rejected may be the same.");
}
