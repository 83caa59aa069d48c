using System.Diagnostics;
using System.Globalization;

namespace Goodhart.Cli.Bench;

/// <summary>The memory of this process and of the machine.</summary>
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
        return Kilobytes("/proc/self/status", "VmHWM:") ?? self.PeakWorkingSet64;
    }

    /// <summary>Bytes that can still be had without swapping.</summary>
    public static long Available() =>
        Math.Min(Kilobytes("/proc/meminfo", "MemAvailable:") ?? long.MaxValue, GC.GetGCMemoryInfo().TotalAvailableMemoryBytes);

    private static long? Kilobytes(string file, string key)
    {
        if (!File.Exists(file))
        {
            return null;
        }

        string? line = File.ReadLines(file).FirstOrDefault(line => line.StartsWith(key, StringComparison.Ordinal));
        return line?.Split(' ', StringSplitOptions.RemoveEmptyEntries) is [_, { } number, ..]
            ? 1024 * long.Parse(number, CultureInfo.InvariantCulture)
            : null;
    }
}
