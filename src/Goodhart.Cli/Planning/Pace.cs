using Goodhart.Cli.Bench;
using Goodhart.Engine;
using Goodhart.Pipeline;

namespace Goodhart.Cli.Planning;

/// <summary>FLOP/s that one worker makes of a study's estimated work.</summary>
internal static class Pace
{
    /// <summary>Share of the peak of matrix products that whole steps of small models reach: a guess for a first plan.</summary>
    private const double Utilisation = 0.4;

    /// <summary>From the steps of this study that were run before; null where there are too few.</summary>
    public static double? OfCached(Plan plan)
    {
        // Steps without an estimate say nothing, and a judge's take their time elsewhere.
        PlannedStep[] cached = [.. plan.Steps.Where(step => step.Record is { Seconds: > 0 } && step.Step.EstimatedCost > 1)];
        double seconds = cached.Sum(step => step.Record!.Seconds);
        return seconds < 5 ? null : cached.Sum(step => step.Step.EstimatedCost) / seconds;
    }

    /// <summary>From a fraction of a second of matrix products on one thread.</summary>
    public static double Measured(Func<int, IDevice> createDevice)
    {
        using IDevice device = createDevice(1);
        return MatrixPeak.Measure(device, TimeSpan.FromMilliseconds(300)) * Utilisation;
    }
}
