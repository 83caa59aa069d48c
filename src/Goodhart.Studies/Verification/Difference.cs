namespace Goodhart.Studies.Verification;

internal static class Difference
{
    /// <summary>max |a − b|; NaN where any element is.</summary>
    public static double Largest(IReadOnlyList<float> a, IReadOnlyList<float> b)
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(a.Count, b.Count);
        double largest = 0;
        for (int i = 0; i < a.Count; i++)
        {
            largest = Math.Max(largest, Math.Abs((double)a[i] - b[i]));   // Math.Max keeps NaN
        }

        return largest;
    }

    /// <summary>The Euclidean norm of a − b; NaN where any element is.</summary>
    public static double Norm(IReadOnlyList<float> a, IReadOnlyList<float> b)
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(a.Count, b.Count);
        double sum = 0;
        for (int i = 0; i < a.Count; i++)
        {
            double difference = (double)a[i] - b[i];
            sum += difference * difference;
        }

        return Math.Sqrt(sum);
    }
}
