namespace Goodhart.Evaluation.Statistics;

/// <summary>Corrections for having looked at several comparisons.</summary>
public static class MultipleComparisons
{
    /// <summary>Bonferroni's adjusted p value: min(1, p·m).</summary>
    public static double Bonferroni(double p, int comparisons) => Math.Min(1, p * Math.Max(1, comparisons));
}
