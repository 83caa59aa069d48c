namespace Goodhart.Evaluation.Metrics;

/// <summary>Sums that a correlation is made of, so that a resample of runs is a weighted sum of theirs.</summary>
internal readonly record struct PairMoments(double Count, double X, double Y, double Xx, double Yy, double Xy)
{
    public static PairMoments Of(double x, double y) => new(1, x, y, x * x, y * y, x * y);

    public static PairMoments operator +(PairMoments a, PairMoments b) =>
        new(a.Count + b.Count, a.X + b.X, a.Y + b.Y, a.Xx + b.Xx, a.Yy + b.Yy, a.Xy + b.Xy);

    public static PairMoments operator *(double weight, PairMoments a) =>
        new(weight * a.Count, weight * a.X, weight * a.Y, weight * a.Xx, weight * a.Yy, weight * a.Xy);

    /// <summary>The same pairs about their own mean.</summary>
    public PairMoments Centred() => Count == 0 ? default : new(
        Count, 0, 0, Xx - (X * X / Count), Yy - (Y * Y / Count), Xy - (X * Y / Count));

    /// <summary>Pearson's r; null where either is constant up to rounding.</summary>
    public double? Correlation()
    {
        PairMoments c = Centred();
        bool constant = Count == 0 || c.Xx <= 1e-12 * Xx || c.Yy <= 1e-12 * Yy || c.Xx <= 0 || c.Yy <= 0;
        return constant ? null : Math.Clamp(c.Xy / (Math.Sqrt(c.Xx) * Math.Sqrt(c.Yy)), -1, 1);
    }
}
