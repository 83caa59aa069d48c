using System.Diagnostics;
using System.Globalization;

namespace Goodhart.Cli.Bench;

/// <summary>The memory of this process.</summary>
internal static class ProcessMemory
{
    /// <summary>Has <see cref="Peak"/> count from now on, where the system can do that.</summary>
    public static void Restart()
    {
        try
        {
            File.WriteAllText("/proc/self/clear_refs", "5");
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            // Then it is the peak since the start.
        }
    }

    /// <summary>The most bytes that were resident.</summary>
    public static long Peak()
    {
        using Process self = Process.GetCurrentProcess();
        return HighWater() ?? self.PeakWorkingSet64;
    }

    private static long? HighWater()
    {
        const string Status = "/proc/self/status";
        if (!File.Exists(Status))
        {
            return null;
        }

        string? line = File.ReadLines(Status).FirstOrDefault(line => line.StartsWith("VmHWM:", StringComparison.Ordinal));
        return line?.Split(' ', StringSplitOptions.RemoveEmptyEntries) is [_, { } kilobytes, ..]
            ? 1024 * long.Parse(kilobytes, CultureInfo.InvariantCulture)
            : null;
    }
}
