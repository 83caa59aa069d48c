using Goodhart.Evaluation.Points;
using Goodhart.Evaluation.Statistics;
using static Goodhart.Evaluation.Claims.ClaimText;

namespace Goodhart.Evaluation.Claims;

/// <summary>KL of one group over that of another at the end of the epoch, geometric mean over the βs that both have.</summary>
/// <param name="Interval">t of the logarithm, βs as units.</param>
/// <param name="Reading">The ratio at each β.</param>
internal sealed record KlRatio(double Mean, ConfidenceInterval Interval, string Reading)
{
    public const string Method = "t of the log ratio over βs";

    private const int FewestBetas = 3;

    /// <summary>Null where fewer than three βs can be compared.</summary>
    /// <param name="first">Seeds averaged.</param>
    public static KlRatio? Between(CheckpointGroup first, CheckpointGroup second, TestOptions options)
    {
        (double Beta, double LogRatio)[] pairs =
        [
            .. from a in Runs.Ends(first.Checkpoints)
               join b in Runs.Ends(second.Checkpoints) on (a.Point.Beta, a.Point.Fraction) equals (b.Point.Beta, b.Point.Fraction)
               where a.Point.Kl > 0 && b.Point.Kl > 0
               select (a.Point.Beta!.Value, Math.Log(a.Point.Kl / b.Point.Kl)),
        ];
        if (pairs.Length < FewestBetas)
        {
            return null;
        }

        PairedDifference test = PairedDifference.Of([.. pairs.Select(pair => pair.LogRatio)]);
        ConfidenceInterval logs = test.Interval(options.Level);
        return new(
            Math.Exp(test.Mean),
            new(Math.Exp(logs.Low), Math.Exp(logs.High), logs.Level),
            string.Join(", ", pairs.Select(pair => Of($"{Math.Exp(pair.LogRatio):0.00} at β {pair.Beta}"))));
    }
}
