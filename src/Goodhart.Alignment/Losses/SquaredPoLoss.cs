namespace Goodhart.Alignment.Losses;

/// <summary>f-DPO with f(t) = (log t)²/2: a response's reward is a·e^−a of its log-ratio a, which is largest at a = 1 and falls
/// beyond.</summary>
/// <remarks>
/// The paper's text could not be read; f and the form are from its abstract and summaries. A note that its authors cap an exponent at 50
/// says neither which one nor how its gradient is cut, so nothing is capped here.
/// </remarks>
public sealed record SquaredPoLoss : PairwiseLoss
{
    public static LossEntry Entry { get; } = new()
    {
        Name = "squared-po",
        Meaning = "DPO whose reward bends down once a response is e times as likely as under the reference.",
        Source = "SquaredPO, arXiv:2602.06788 (abstract and summaries; no public code found)",
        BetaMeaning = "weight of the divergence; near the reference it acts as β of dpo",
        Conversions =
        [
            "A chosen response beyond a = 1 is pushed down, and a rejected one beyond it up.",
            "Infinite where a response has lost more than 709 nats against the reference: e^709 is the largest double.",
        ],
        Build = (beta, _) => new SquaredPoLoss { Beta = beta },
    };

    public override string Name => "squared-po";

    public override string Formula => "−log σ(β·(s_w − s_l)), s = a·e^−a, a = log(π/π_ref)";

    public override bool NeedsReference => true;

    public override double? ValueAtReference => LogSpace.Softplus(0);

    protected override PairGradient Term(PairLogProbs pair)
    {
        (double chosen, double rejected) = (pair.ChosenLogRatio, pair.RejectedLogRatio);
        double x = Beta * Difference(Score(chosen), Score(rejected));
        double slope = -Beta * LogSpace.Sigmoid(-x);
        return new(LogSpace.Softplus(-x), LogSpace.Weighted(slope, Slope(chosen)), -LogSpace.Weighted(slope, Slope(rejected)));
    }

    /// <remarks>At a = ∞ the exponential wins.</remarks>
    private static double Score(double a) => double.IsPositiveInfinity(a) ? 0 : a * Math.Exp(-a);

    private static double Slope(double a) => double.IsPositiveInfinity(a) ? 0 : (1 - a) * Math.Exp(-a);

    /// <remarks>Two scores beyond the largest double are equal: which is larger is lost.</remarks>
    private static double Difference(double a, double b) => a == b ? 0 : a - b;
}
