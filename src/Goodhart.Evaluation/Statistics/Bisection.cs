namespace Goodhart.Evaluation.Statistics;

/// <summary>Inverts a monotone distribution function to the last bit; slow and sure.</summary>
internal static class Bisection
{
    /// <summary>Where the increasing <paramref name="f"/> changes sign between <paramref name="low"/> and
    /// <paramref name="high"/>.</summary>
    public static double Root(Func<double, double> f, double low, double high)
    {
        while (true)
        {
            double middle = low + ((high - low) / 2);
            if (middle <= low || middle >= high)
            {
                return middle;
            }

            if (f(middle) < 0)
            {
                low = middle;
            }
            else
            {
                high = middle;
            }
        }
    }
}
