using System.Diagnostics;
using Goodhart.Engine;
using Goodhart.Engine.Cpu;
using Goodhart.Pipeline;

namespace Goodhart.Cli.Planning;

/// <summary>FLOP/s that one worker makes of a study's estimated work.</summary>
internal static class Pace
{
    /// <summary>Share of the speed of large matrix products that whole steps of small models reach: a guess for a first plan.</summary>
    private const double Utilisation = 0.4;

    private const int Size = 384;

    /// <summary>From the steps of this study that were run before; null where there are too few.</summary>
    public static double? OfCached(Plan plan)
    {
        PlannedStep[] cached = [.. plan.Steps.Where(step => step.Record is { Seconds: > 0 })];
        double seconds = cached.Sum(step => step.Record!.Seconds);
        return seconds < 5 ? null : cached.Sum(step => step.Step.EstimatedCost) / seconds;
    }

    /// <summary>From a fraction of a second of matrix products on one thread.</summary>
    public static double Measured()
    {
        using CpuDevice device = new(threads: 1);
        using IArena arena = device.CreateArena("pace", 1 << 22);
        Mat x = arena.Allocate(Size, Size, DType.F32);
        Mat weight = arena.Allocate(Size, Size, DType.F32);
        Mat y = arena.Allocate(Size, Size, DType.F32);
        device.Upload(x, new float[Size * Size]);
        device.Upload(weight, new float[Size * Size]);
        double best = 0;
        Stopwatch whole = Stopwatch.StartNew();
        while (whole.ElapsedMilliseconds < 300)
        {
            Stopwatch one = Stopwatch.StartNew();
            device.Ops.Linear(x, weight, default, default, y);
            best = Math.Max(best, 2.0 * Size * Size * Size / one.Elapsed.TotalSeconds);
        }

        return best * Utilisation;
    }
}
