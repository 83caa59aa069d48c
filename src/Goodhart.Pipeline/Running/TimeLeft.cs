namespace Goodhart.Pipeline;

/// <summary>The remaining time at the pace so far.</summary>
public static class TimeLeft
{
    /// <summary>Earlier, start-up and compilation outweigh the work.</summary>
    private static readonly TimeSpan Warmup = TimeSpan.FromSeconds(3);

    /// <summary>Beyond it the pace of a first small step says nothing.</summary>
    private static readonly TimeSpan Longest = TimeSpan.FromDays(1000);

    /// <returns>Null where it cannot be told yet.</returns>
    public static TimeSpan? Of(TimeSpan elapsed, double worked, double total)
    {
        double seconds = elapsed.TotalSeconds * Math.Max(0, total - worked) / worked;
        return elapsed < Warmup || !(worked > 0) || !(seconds < Longest.TotalSeconds) ? null : TimeSpan.FromSeconds(seconds);
    }

    /// <summary>"0.4 s", "42 s", "3 min 5 s", "2 h 10 min".</summary>
    public static string Text(TimeSpan time) => time switch
    {
        { TotalSeconds: < 9.95 } => FormattableString.Invariant($"{time.TotalSeconds:0.0} s"),
        { TotalSeconds: < 59.5 } => FormattableString.Invariant($"{time.TotalSeconds:0} s"),
        { TotalMinutes: < 60 } => FormattableString.Invariant($"{(int)time.TotalMinutes} min {time.Seconds} s"),
        _ => FormattableString.Invariant($"{(int)time.TotalHours} h {time.Minutes} min"),
    };
}
