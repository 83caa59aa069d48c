namespace Goodhart.Alignment.Losses;

/// <summary>EXO on pairs: g(x) = KL((σ(x), σ(−x)) ‖ (1 − ε, ε)), the reverse of the divergence that cDPO minimises.</summary>
public sealed record ExoLoss : DirectAlignmentLoss
{
    private static readonly LossParameter SmoothingParameter = new(
        "label-smoothing", 0.001, ParameterRange.Between(0, 0.5), "ε, the share of labels taken to be flipped; at 0 the loss is infinite");

    public static LossEntry Entry { get; } = new()
    {
        Name = "exo",
        Meaning = "The reverse KL from the policy's preference to the smoothed label: mode-seeking where dpo is mass-covering.",
        Source = "Ji et al. 2024, arXiv:2402.00856",
        Elsewhere = [Tool.Trl("exo_pair")],
        Parameters = [SmoothingParameter],
        Conversions = ["The minimum is that of cdpo, at Δ = log((1 − ε)/ε)/β."],
        Build = (beta, values) => new ExoLoss { Beta = beta, LabelSmoothing = values[SmoothingParameter] },
    };

    public override string Name => "exo";

    public override string Formula => "q·log(q/(1 − ε)) + (1 − q)·log((1 − q)/ε), q = σ(β·Δ)";

    /// <summary>ε in (0, ½).</summary>
    public required double LabelSmoothing
    {
        get;
        init => field = SmoothingParameter.Checked(value, Name);
    }

    public override IReadOnlyDictionary<string, double> Parameters =>
        new Dictionary<string, double> { [SmoothingParameter.Name] = LabelSmoothing };

    /// <summary>Where σ(x) = 1 − ε.</summary>
    private double Target => Math.Log((1 - LabelSmoothing) / LabelSmoothing);

    public override double G(double x) => Math.Abs(x - Target) < 1 ? Near(x) : Far(x);

    public override double Slope(double x) => LogSpace.Weighted(LogSpace.SigmoidSlope(x), x - Target);

    private double Far(double x) =>
        LogSpace.Weighted(LogSpace.Sigmoid(x), LogSpace.LogSigmoid(x) - Math.Log(1 - LabelSmoothing))
        + LogSpace.Weighted(LogSpace.Sigmoid(-x), LogSpace.LogSigmoid(-x) - Math.Log(LabelSmoothing));

    /// <summary>Near the minimum the two terms cancel to second order; KL = Σ q·h(p/q − 1), h(s) = s − log(1 + s), does not.</summary>
    private double Near(double x)
    {
        (double q, double other) = (LogSpace.Sigmoid(x), LogSpace.Sigmoid(-x));
        double above = -q * LabelSmoothing * LogSpace.ExpMinusOne(Target - x);   // q − (1 − ε)
        return (q * Excess(-above / q)) + (other * Excess(above / other));
    }

    /// <summary>s − log(1 + s), by log(1 + s) = 2·artanh(r), r = s/(2 + s).</summary>
    private static double Excess(double s)
    {
        if (Math.Abs(s) > 0.3)
        {
            return s - Math.Log(1 + s);
        }

        double r = s / (2 + s);
        double series = 0;
        for (int k = 19; k >= 3; k -= 2)
        {
            series = (series * r * r) + (1.0 / k);
        }

        return (r * s) - (2 * series * r * r * r);
    }
}
