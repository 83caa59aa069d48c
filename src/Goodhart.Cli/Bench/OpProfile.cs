namespace Goodhart.Cli.Bench;

/// <summary>What was called: an operation and, for products with a weight, the sizes that tell one from another.</summary>
internal readonly record struct OpKey(string Name, int In = 0, int Out = 0)
{
    public override string ToString() => In == 0 ? Name : FormattableString.Invariant($"{Name} {In}→{Out}");
}

/// <summary>The time of every call of a round of work that makes the same calls each time; a call counts with its median over the
/// rounds, so that what else runs on the machine matters little.</summary>
internal sealed class OpProfile(BenchClock clock)
{
    private readonly List<Call> calls = [];
    private readonly List<TimeSpan> rounds = [];
    private int next;

    /// <param name="flops">Floating-point operations, where they are what the time is spent on.</param>
    public void Time(OpKey key, double flops, Action operation)
    {
        TimeSpan start = clock.Now;
        operation();
        TimeSpan time = clock.Now - start;
        if (next == calls.Count)
        {
            calls.Add(new Call(key, flops, []));
        }

        calls[next++].Times.Add(time);
    }

    /// <summary>Runs one round of the work.</summary>
    public T Round<T>(Func<T> round)
    {
        next = 0;
        TimeSpan start = clock.Now;
        T result = round();
        rounds.Add(clock.Now - start);
        return result;
    }

    public void Clear()
    {
        calls.Clear();
        rounds.Clear();
    }

    /// <summary>Seconds of a round by operation, the largest first; what no operation accounts for comes last.</summary>
    public IReadOnlyList<OpTime> Rows()
    {
        double whole = Median(rounds);
        OpTime[] rows =
        [
            .. calls.GroupBy(call => call.Key).Select(group =>
            {
                double seconds = group.Sum(call => Median(call.Times));
                return new OpTime(
                    group.Key.ToString(), group.Count(), seconds, seconds / whole,
                    seconds > 0 ? group.Sum(call => call.Flops) / seconds : 0);   // shorter than the clock can tell
            }).OrderByDescending(row => row.Seconds),
        ];
        double rest = whole - rows.Sum(row => row.Seconds);
        double flops = rows.Sum(row => row.FlopsPerSecond * row.Seconds) / whole;
        return [.. rows, new OpTime("outside operations", 0, rest, rest / whole, 0), new OpTime("whole", 0, whole, 1, flops)];
    }

    private static double Median(List<TimeSpan> times)
    {
        TimeSpan[] sorted = [.. times.Order()];
        return (sorted[(sorted.Length - 1) / 2] + sorted[sorted.Length / 2]).TotalSeconds / 2;
    }

    private sealed record Call(OpKey Key, double Flops, List<TimeSpan> Times);
}

/// <summary>One operation's part of a step.</summary>
/// <param name="Share">Of the step.</param>
/// <param name="FlopsPerSecond">0 where the operation is not one of products.</param>
internal sealed record OpTime(string Operation, int Calls, double Seconds, double Share, double FlopsPerSecond);
