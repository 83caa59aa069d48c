using Goodhart.Evaluation.Statistics;

namespace Goodhart.Evaluation.Judges.Reports;

/// <summary>How far two sets of outcomes of the same pairs agree: two judges, or one judge asked twice.</summary>
/// <param name="Pairs">With an outcome in both.</param>
/// <param name="Share">Of equal outcomes (win, tie, loss).</param>
/// <param name="Interval">Wilson's, 95 %.</param>
/// <param name="Kappa">Cohen's κ = (p_o − p_e)/(1 − p_e), unweighted; null where all outcomes are the same one, so that chance agrees
/// fully.</param>
/// <param name="KappaInterval">95 %, bootstrap over pairs.</param>
public sealed record Agreement(int Pairs, double Share, ConfidenceInterval Interval, double? Kappa, ConfidenceInterval? KappaInterval)
{
    private static readonly int Outcomes = Enum.GetValues<Outcome>().Length;

    /// <param name="seed">Of the bootstrap.</param>
    /// <returns>Null where no pair has two outcomes.</returns>
    public static Agreement? Of(IReadOnlyList<(Outcome First, Outcome Second)> outcomes, ulong seed)
    {
        if (outcomes.Count == 0)
        {
            return null;
        }

        double[] once = new double[outcomes.Count];
        Array.Fill(once, 1);
        double? kappa = KappaOf(outcomes, once);
        int equal = outcomes.Count(pair => pair.First == pair.Second);
        return new Agreement(
            outcomes.Count, (double)equal / outcomes.Count, Proportion.Wilson(equal, outcomes.Count), kappa, kappa is null
                ? null
                : Bootstrapped(outcomes, seed));
    }

    private static ConfidenceInterval? Bootstrapped(IReadOnlyList<(Outcome First, Outcome Second)> outcomes, ulong seed)
    {
        double[] values = Bootstrap.Replicate(
            outcomes.Count, counts => KappaOf(outcomes, counts) ?? double.NaN, Bootstrap.DefaultReplicates, seed, "bootstrap/kappa");
        double[] known = [.. values.Where(value => !double.IsNaN(value))];
        return known.Length == 0 ? null : Percentiles.Interval(known);
    }

    /// <param name="weights">How often each pair counts.</param>
    private static double? KappaOf(IReadOnlyList<(Outcome First, Outcome Second)> outcomes, double[] weights)
    {
        double[] first = new double[Outcomes];
        double[] second = new double[Outcomes];
        double equal = 0;
        double total = 0;
        for (int i = 0; i < outcomes.Count; i++)
        {
            first[(int)outcomes[i].First] += weights[i];
            second[(int)outcomes[i].Second] += weights[i];
            equal += outcomes[i].First == outcomes[i].Second ? weights[i] : 0;
            total += weights[i];
        }

        double chance = 0;
        for (int outcome = 0; outcome < Outcomes; outcome++)
        {
            chance += first[outcome] / total * (second[outcome] / total);
        }

        return chance >= 1 ? null : ((equal / total) - chance) / (1 - chance);
    }
}
