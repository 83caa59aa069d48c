using System.Globalization;

namespace Goodhart.Evaluation.Rewards;

/// <summary>
/// The share of labels that are turned round whatever the responses are, as margins show it that the labels have not formed: however large
/// the margin, so many labels still speak against it.
/// </summary>
/// <remarks>
/// P(label | m) = ε + (1 − 2ε)·σ(c·m) with ε in [0, ½) and c ≥ 0, both by maximum likelihood. Labels that are uncertain because the
/// responses are alike are not noise in this sense: they are what σ is for. Decision record 13 has the reasons, and what the estimate
/// cannot tell apart.
/// </remarks>
/// <param name="Rate">ε.</param>
/// <param name="StandardError">From the curvature of the likelihood; null where the estimate is not determined.</param>
/// <param name="Scale">c, per unit of the margins.</param>
/// <param name="Pairs">How many margins there were.</param>
/// <param name="IsDetermined">Whether the margins say more of the labels than a coin: twice the gain in log-likelihood above 6.</param>
public sealed record LabelNoise(double Rate, double? StandardError, double Scale, int Pairs, bool IsDetermined)
{
    /// <summary>Above it losses that undo the noise divide by less than a tenth.</summary>
    public const double MostUsed = 0.45;

    private const double CoinThreshold = 6;
    private const double LowestLogScale = -6;
    private const double HighestLogScale = 6;
    private const int Scales = 49;

    /// <summary>What a loss is smoothed by: the rate, at most <see cref="MostUsed"/>; 0 where the margins say nothing.</summary>
    public double Used => IsDetermined ? Math.Min(Rate, MostUsed) : 0;

    /// <param name="margins">Of each pair, above 0 where it speaks for the label.</param>
    /// <exception cref="ArgumentException">None, or one that is no finite number.</exception>
    public static LabelNoise Of(IReadOnlyList<double> margins)
    {
        ArgumentNullException.ThrowIfNull(margins);
        int bad = margins.Index().Where(margin => !double.IsFinite(margin.Item)).Select(margin => margin.Index).FirstOrDefault(-1);
        if (margins.Count == 0 || bad >= 0)
        {
            throw new ArgumentException(
                margins.Count == 0
                    ? "expected margins of pairs, found none."
                    : string.Create(CultureInfo.InvariantCulture, $"expected finite margins, found {margins[bad]} of pair {bad}."),
                nameof(margins));
        }

        double unit = Math.Sqrt(margins.Average(margin => margin * margin));
        if (unit == 0)
        {
            return new LabelNoise(0, null, 0, margins.Count, false);
        }

        LapseLikelihood likelihood = new([.. margins.Select(margin => margin / unit)]);
        double step = (HighestLogScale - LowestLogScale) / (Scales - 1);
        double coarse = Enumerable.Range(0, Scales).Select(scale => LowestLogScale + (step * scale))
            .MaxBy(log => likelihood.AtBestRate(Math.Exp(log)).LogLikelihood);
        (double rate, double scale) = likelihood.Maximum(coarse - step, coarse + step);
        bool isDetermined = 2 * (likelihood.At(rate, scale) + (margins.Count * Math.Log(2))) > CoinThreshold;
        return new LabelNoise(
            rate, isDetermined ? likelihood.StandardErrorOfRate(rate, scale) : null, scale / unit, margins.Count, isDetermined);
    }
}
