namespace Goodhart.Alignment.Losses;

/// <summary>DiscoPOP: g(x) = (1 − m)·(−log σ(x)) + m·e^−x, m = σ(x/τ): logistic at negative margins, exponential at positive
/// ones.</summary>
public sealed record DiscoPopLoss : DirectAlignmentLoss
{
    private static readonly LossParameter TauParameter = new(
        "tau", 0.05, ParameterRange.Between(0, 1), "τ, how sharply the one form becomes the other, in units of β·Δ");

    public static LossEntry Entry { get; } = new()
    {
        Name = "discopop",
        Meaning = "A loss that a language model proposed: logistic at negative margins, exponential at positive ones. Not convex.",
        Source = "Lu et al. 2024, arXiv:2406.08414",
        Elsewhere = [Tool.Trl("discopop")],
        Parameters = [TauParameter],
        Conversions =
        [
            "β is that of dpo.",
            "TRL's code gives NaN or infinity at some margins beyond 100 nats; the limit is finite and computed here.",
        ],
        Build = (beta, values) => new DiscoPopLoss { Beta = beta, Tau = values[TauParameter] },
    };

    public override string Name => "discopop";

    public override string Formula => "(1 − m)·(−log σ(β·Δ)) + m·e^(−β·Δ), m = σ(β·Δ/τ)";

    /// <summary>τ in (0, 1).</summary>
    public required double Tau
    {
        get;
        init => field = TauParameter.Checked(value, Name);
    }

    public override IReadOnlyDictionary<string, double> Parameters => new Dictionary<string, double> { [TauParameter.Name] = Tau };

    public override double G(double x) => LogSpace.Weighted(LogSpace.Sigmoid(-x / Tau), LogSpace.Softplus(-x)) + WeightedExponential(x);

    public override double Slope(double x)
    {
        double other = LogSpace.Sigmoid(-x / Tau);
        return -LogSpace.Weighted(LogSpace.SigmoidSlope(x / Tau) / Tau, LogSpace.Softplus(-x))
            - (other * LogSpace.Sigmoid(-x))
            + (WeightedExponential(x) * ((other / Tau) - 1));
    }

    /// <summary>m·e^−x with its exponents added before they are raised: e^−x alone overflows where m underflows.</summary>
    private double WeightedExponential(double x) =>
        Math.Exp(x < 0 ? (x * ((1 / Tau) - 1)) - LogSpace.Softplus(x / Tau) : -x - LogSpace.Softplus(-x / Tau));
}
