namespace Goodhart.Alignment.Losses;

/// <summary>Robust DPO: g(x) = (−(1 − ε)·log σ(x) + ε·log σ(−x))/(1 − 2ε), whose mean over flipped labels is DPO on the true
/// ones.</summary>
/// <remarks>Unbounded below for ε &gt; 0.</remarks>
public sealed record RobustDpoLoss : DirectAlignmentLoss, ISmoothedLoss
{
    private static readonly LossParameter SmoothingParameter = new(
        "label-smoothing", 0.1, ParameterRange.Noise, "ε, the share of labels that are flipped; at 0 the loss is dpo");

    public static LossEntry Entry { get; } = new()
    {
        Name = "robust-dpo",
        Meaning = "An unbiased estimate of DPO on the true labels, from labels of which a share ε is flipped. Unbounded below.",
        Source = "Chowdhury, Kini and Natarajan 2024, arXiv:2403.00409",
        Elsewhere = [Tool.Trl("robust")],
        Parameters = [SmoothingParameter],
        Conversions = ["label-smoothing = 0 is dpo.", "At large margins the slope by β·Δ is −ε/(1 − 2ε): the margin never stops growing."],
        Build = (beta, values) => new RobustDpoLoss { Beta = beta, LabelSmoothing = values[SmoothingParameter] },
    };

    public override string Name => "robust-dpo";

    public override string Formula => "(−(1 − ε)·log σ(β·Δ) + ε·log σ(−β·Δ)) / (1 − 2ε)";

    /// <summary>ε in [0, ½).</summary>
    public required double LabelSmoothing
    {
        get;
        init => field = SmoothingParameter.Checked(value, Name);
    }

    public override IReadOnlyDictionary<string, double> Parameters =>
        new Dictionary<string, double> { [SmoothingParameter.Name] = LabelSmoothing };

    PreferenceLoss ISmoothedLoss.Smoothed(double labelSmoothing) => this with { LabelSmoothing = labelSmoothing };

    private double Excess => LabelSmoothing / (1 - (2 * LabelSmoothing));

    // log σ(−x) = log σ(x) − x, so the weights of log σ(x) add up to one.
    public override double G(double x) => LogSpace.Softplus(-x) - LogSpace.Weighted(Excess, x);

    public override double Slope(double x) => -LogSpace.Sigmoid(-x) - Excess;
}
