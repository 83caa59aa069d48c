using System.Diagnostics;

namespace Goodhart.Cli.Bench;

/// <summary>What time is measured with.</summary>
internal abstract class BenchClock
{
    public static BenchClock Wall { get; } = new WallClock();

    public static BenchClock Processor { get; } = new ProcessorClock();

    public abstract TimeSpan Now { get; }

    private sealed class WallClock : BenchClock
    {
        public override TimeSpan Now => Stopwatch.GetElapsedTime(0);
    }

    /// <summary>The process's own processor time: what else runs on the machine takes none of it.</summary>
    private sealed class ProcessorClock : BenchClock
    {
        public override TimeSpan Now => OperatingSystem.IsIOS() || OperatingSystem.IsTvOS()
            ? throw new PlatformNotSupportedException()
            : Environment.CpuUsage.TotalTime;
    }
}
