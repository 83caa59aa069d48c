using System.Globalization;
using System.Text.RegularExpressions;
using Xunit;

namespace Goodhart.Testing;

/// <summary>
/// What every reader of files owes to a damaged one: an end within the time, memory within a bound, and either success or a refusal of the
/// kind that it documents, which says where. <c>tests/fuzz</c> runs ten thousand damaged files of each format.
/// </summary>
public static class Fuzz
{
    private static readonly TimeSpan Longest = TimeSpan.FromSeconds(60);

    /// <summary>GOODHART_MUTATIONS: damaged files of each format that are tried.</summary>
    public static int Mutations { get; } =
        int.Parse(Environment.GetEnvironmentVariable("GOODHART_MUTATIONS") ?? "400", CultureInfo.InvariantCulture);

    /// <summary>Reads one damaged file, or fails the test and keeps the file.</summary>
    /// <typeparam name="TRefusal">The only exception that may come out.</typeparam>
    /// <param name="number">Of the mutation, to find it again.</param>
    /// <param name="maxBytes">That reading may allocate, all allocations together.</param>
    /// <param name="place">What every refusal's message has in it.</param>
    /// <returns>Whether the file was refused.</returns>
    public static bool Refuses<TRefusal>(int number, byte[] damaged, long maxBytes, Regex place, Action read)
        where TRefusal : Exception
    {
        // On a thread of its own, so that a reader that hangs fails the test instead of stopping it.
        Task<(Exception? Fault, long Bytes)> task = Task.Run(() => Attempt(read));
        if (!task.Wait(Longest))
        {
            Fail($"is not read after {Longest}");
        }

        (Exception? fault, long bytes) = task.Result;
        if (bytes > maxBytes)
        {
            Fail($"took {bytes} bytes to read, expected at most {maxBytes}");
        }

        if (fault is not null && (fault is not TRefusal || !place.IsMatch(fault.Message)))
        {
            Fail($"expected a {typeof(TRefusal).Name} with {place}, found {fault}");
        }

        return fault is not null;

        void Fail(string found)
        {
            string kept = Path.Combine(Path.GetTempPath(), $"goodhart-damaged-{number}");
            File.WriteAllBytes(kept, damaged);
            Assert.Fail($"mutation {number}, kept as {kept}: {found}");
        }
    }

    private static (Exception? Fault, long Bytes) Attempt(Action read)
    {
        long before = GC.GetAllocatedBytesForCurrentThread();
        Exception? fault = null;
        try
        {
            read();
        }
#pragma warning disable CA1031 // whatever it is, the caller judges it
        catch (Exception problem)
#pragma warning restore CA1031
        {
            fault = problem;
        }

        return (fault, GC.GetAllocatedBytesForCurrentThread() - before);
    }
}
