using Goodhart.Engine.Randomness;
using Goodhart.Evaluation.Fits;
using Goodhart.Evaluation.Points;
using Goodhart.Evaluation.Statistics;

namespace Goodhart.Evaluation.Forecasts;

/// <summary>Where other groups peak: ln d* of Eq. (5) fitted to each, as a sample from which a further group is drawn.</summary>
/// <remarks>On the default study the place of the peak travels between losses and sizes, its height does not; and a fit to small budgets
/// alone puts the place much too far out (docs/guides/forecast.md).</remarks>
/// <param name="MeanLog">Mean of ln d*.</param>
/// <param name="Scale">Standard error of predicting a further group's: s·√(1 + 1/n).</param>
/// <param name="Groups">n.</param>
public sealed record PeakPlace(double MeanLog, double Scale, int Groups)
{
    public const int FewestGroups = 3;

    // Fits that agree more closely than this agree by chance.
    private const double SmallestScale = 0.02;

    /// <summary>The forecast d*.</summary>
    public double SqrtKl => Math.Exp(MeanLog);

    /// <summary>From fits to each group without its far points (<see cref="KlBound"/>). Null where fewer than three have a peak within
    /// what they measured.</summary>
    public static PeakPlace? From(IEnumerable<CheckpointGroup> groups)
    {
        double[] logs =
        [
            .. from g in groups
               let fit = WholeFit(g)
               let peak = fit?.Peak
               where peak is not null && peak.Value.SqrtKl <= fit.LargestSqrtKl
               select Math.Log(peak.Value.SqrtKl),
        ];
        if (logs.Length < FewestGroups)
        {
            return null;
        }

        double mean = logs.Average();
        double deviation = Math.Sqrt(logs.Sum(log => (log - mean) * (log - mean)) / (logs.Length - 1));
        return new(mean, Math.Max(SmallestScale, deviation) * Math.Sqrt(1 + (1.0 / logs.Length)), logs.Length);
    }

    /// <summary>For a further group: t on n − 1 degrees of freedom, in ln d.</summary>
    public ConfidenceInterval Interval(double level)
    {
        double half = StudentsT.Quantile(0.5 + (level / 2), Groups - 1) * Scale;
        return new(Math.Exp(MeanLog - half), Math.Exp(MeanLog + half), level);
    }

    /// <summary>The probability that a further group's peak lies before d.</summary>
    public double ChanceBefore(double d) => d <= 0 ? 0 : StudentsT.Cdf((Math.Log(d) - MeanLog) / Scale, Groups - 1);

    /// <summary>A further group's d*.</summary>
    internal double Draw(RandomStream random) => Math.Exp(MeanLog + (Scale * DrawT(random, Groups - 1)));

    /// <summary>Student's t: a normal over the root of a mean of squares.</summary>
    internal static double DrawT(RandomStream random, int degreesOfFreedom)
    {
        double normal = random.NextNormal();
        double squares = 0;
        for (int i = 0; i < degreesOfFreedom; i++)
        {
            double z = random.NextNormal();
            squares += z * z;
        }

        return normal / Math.Sqrt(squares / degreesOfFreedom);
    }

    internal static LawFit? WholeFit(CheckpointGroup group)
    {
        CheckpointPoint[] points = [.. KlBound.Restrict(group).Checkpoints.Select(c => c.Point)];
        return group.Sft is not { } sft ? null : LawFit.Fit(
            new GaoLaw(), new SftIntercept(sft.WinRate), [.. points.Select(p => p.SqrtKl)], [.. points.Select(p => p.WinRate!.Value)]);
    }
}
