using Goodhart.Evaluation.Statistics;

namespace Goodhart.Evaluation.Alarms;

/// <summary>How early an alarm comes in runs that pass their peak: from its first call to the first checkpoint that is past it.</summary>
/// <param name="Runs">Runs that passed their peak.</param>
/// <param name="Called">Of these, where the alarm was raised at all.</param>
/// <param name="Early">Of these, where it was raised at a checkpoint that was not past the peak yet.</param>
/// <param name="Kl">Nats from the call to the first checkpoint past the peak; negative: the call came later. Null where nothing was
/// called.</param>
/// <param name="Steps">The same in updates.</param>
public sealed record LeadTime(int Runs, int Called, int Early, MiddleHalf? Kl, MiddleHalf? Steps)
{
    /// <param name="runs">Each in order of training.</param>
    /// <param name="threshold">The alarm is raised from this probability on.</param>
    public static LeadTime Of(IEnumerable<IReadOnlyList<(AlarmRow Row, double Probability)>> runs, double threshold)
    {
        int count = 0;
        int early = 0;
        List<double> kl = [];
        List<double> steps = [];
        foreach (IReadOnlyList<(AlarmRow Row, double Probability)> run in runs)
        {
            int past = run.ToList().FindIndex(checkpoint => checkpoint.Row.Past == true);
            if (past < 0)
            {
                continue;
            }

            count++;
            int call = run.ToList().FindIndex(checkpoint => checkpoint.Probability >= threshold);
            if (call >= 0)
            {
                early += run[call].Row.Past == false ? 1 : 0;
                kl.Add(run[past].Row.Kl - run[call].Row.Kl);
                steps.Add(run[past].Row.Step - run[call].Row.Step);
            }
        }

        return new LeadTime(count, kl.Count, early, MiddleHalf.Of(kl), MiddleHalf.Of(steps));
    }
}

/// <summary>Median and quartiles.</summary>
public readonly record struct MiddleHalf(double Low, double Median, double High)
{
    /// <returns>Null for none.</returns>
    public static MiddleHalf? Of(IReadOnlyList<double> values)
    {
        double[] sorted = [.. values.Order()];
        return sorted.Length == 0 ? null : new MiddleHalf(
            Percentiles.Quantile(sorted, 0.25), Percentiles.Quantile(sorted, 0.5), Percentiles.Quantile(sorted, 0.75));
    }
}
