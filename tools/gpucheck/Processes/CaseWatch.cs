using System.Diagnostics;
using Goodhart.GpuCheck.Cases;

namespace Goodhart.GpuCheck.Processes;

/// <summary>Follows cases that run elsewhere, and has the rest go on in a new process where one dies.</summary>
internal sealed class CaseWatch(IReadOnlyList<CheckCase> cases, IReadOnlyList<int> places)
{
    private readonly Stopwatch clock = Stopwatch.StartNew();
    private readonly Dictionary<int, double> seconds = [];
    private readonly List<string> failures = [];
    private readonly Lock open = new();
    private int? running;

    public IReadOnlyList<string> Failures => failures;

    public int Passed { get; private set; }

    public double Seconds => clock.Elapsed.TotalSeconds;

    /// <summary>Starts a process for the cases that are left until none is, or until the time is over.</summary>
    /// <param name="start">Runs a process on the cases at these places to its end.</param>
    public async Task Run(Func<IReadOnlyList<int>, Task<ChildEnd>> start, TimeSpan most)
    {
        for (int[] left = [.. places]; left.Length > 0 && Left(most) > TimeSpan.Zero;)
        {
            running = null;
            ChildEnd end = await start(left);
            if (running is { } lost)
            {
                if (Left(most) <= TimeSpan.Zero)
                {
                    return;   // ended by us: the case was not run
                }

                Fail(lost, $"its process {end.Reason}: {end.LastWords}");
            }

            int[] next = [.. places.Where(place => !seconds.ContainsKey(place))];
            if (next.Length == left.Length)
            {
                failures.Add($"the process {end.Reason} before any case: {end.LastWords}");
                return;
            }

            left = next;
        }
    }

    /// <summary>Takes a line of the process.</summary>
    public void Hear(string line)
    {
        if (CaseMessage.Read(line) is not { } message)
        {
            return;
        }

        lock (open)
        {
            running = message.Seconds is null ? message.Case : null;
            if (message.Seconds is { } taken)
            {
                seconds[message.Case] = taken;
                if (message.Fault is { } fault)
                {
                    Fail(message.Case, fault);
                }
                else
                {
                    Passed++;
                }
            }
        }
    }

    public TimeSpan Left(TimeSpan most) => most - clock.Elapsed;

    public IEnumerable<(string Name, double Seconds)> Slowest(int count) =>
        seconds.OrderByDescending(one => one.Value).Take(count).Select(one => (cases[one.Key].Name, one.Value));

    private void Fail(int place, string fault)
    {
        seconds.TryAdd(place, 0);
        failures.Add($"{cases[place].Name}: {fault}");
    }
}
