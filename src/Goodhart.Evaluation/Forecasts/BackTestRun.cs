using Goodhart.Evaluation.Points;

namespace Goodhart.Evaluation.Forecasts;

/// <summary>A run as rules are tried on it: measured on one half of the prompts, scored on the other.</summary>
/// <param name="Measured">What the rule sees, in order of training.</param>
/// <param name="Scored">Win rates that count, in the same order.</param>
/// <param name="Whole">Win rates over all prompts: they name the oracle's checkpoint and false alarms.</param>
internal sealed record BackTestRun(
    string Group, RunMeasurement[] Measured, double[] Scored, double[] Whole)
{
    /// <summary>Of a half: a difference of fewer has no standard error.</summary>
    public const int LeastPrompts = 2;

    /// <summary>Both ways round where outcomes by prompt are known: even prompts measure and odd ones score, and the reverse. A choice
    /// judged by the numbers that made it would look better than it is.</summary>
    public static IEnumerable<BackTestRun> Of(string group, EvaluatedCheckpoint[] run)
    {
        double[] whole = [.. run.Select(c => c.WinRate)];
        return Enumerable.Range(0, 2).Select(parity => new BackTestRun(
            group,
            [.. run.Select(c => Half(c, parity))],
            [.. run.Select(c => Every(c.Outcomes.Win, 1 - parity).Average())],
            whole));
    }

    /// <summary>From points alone: measured and scored on the same prompts, so a little too good.</summary>
    public static BackTestRun Of(string group, CheckpointPoint[] run)
    {
        double[] rates = [.. run.Select(point => point.WinRate!.Value)];
        return new(group, [.. run.Select(RunMeasurement.Of)], rates, rates);
    }

    /// <summary>Follows the rule.</summary>
    public BackTestOutcome Follow(StopRule rule, double falseAlarmMargin)
    {
        int seen = 1;
        while (seen < Measured.Length && !rule.Decide(Measured[..seen]).Stop)
        {
            seen++;
        }

        int kept = rule.Keep(Measured[..seen]);
        int oracle = Array.IndexOf(Whole, Whole.Max());
        bool stopped = seen < Measured.Length;
        bool missed = stopped && Whole[seen..].Max() - Whole[..seen].Max() > falseAlarmMargin;
        return new(Scored[kept], Scored[oracle] - Scored[kept], Measured[seen - 1].Fraction / Measured[^1].Fraction, stopped, missed);
    }

    private static RunMeasurement Half(EvaluatedCheckpoint checkpoint, int parity)
    {
        double[] wins = Every(checkpoint.Outcomes.Win, parity);
        double kl = Every(checkpoint.Outcomes.Kl, parity).Average();
        return new(checkpoint.Point.Fraction, wins.Average(), null, Math.Sqrt(Math.Max(0, kl)), wins);
    }

    private static double[] Every(double[] values, int parity) => [.. values.Where((_, i) => i % 2 == parity)];
}

/// <param name="Lost">Against the oracle.</param>
internal readonly record struct BackTestOutcome(double WinRate, double Lost, double Training, bool Stopped, bool FalseAlarm);
