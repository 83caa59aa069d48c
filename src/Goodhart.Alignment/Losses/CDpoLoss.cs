namespace Goodhart.Alignment.Losses;

/// <summary>Conservative DPO: g(x) = −(1 − ε)·log σ(x) − ε·log σ(−x), the likelihood where a share ε of the labels is flipped.</summary>
public sealed record CDpoLoss : DirectAlignmentLoss, ISmoothedLoss
{
    private static readonly LossParameter SmoothingParameter = new(
        "label-smoothing", 0.1, ParameterRange.Noise, "ε, the share of labels taken to be flipped; at 0 the loss is dpo");

    public static LossEntry Entry { get; } = new()
    {
        Name = "cdpo",
        Meaning = "DPO on labels of which a share ε is taken to be flipped: the margin stops growing at σ(β·Δ) = 1 − ε.",
        Source = "Mitchell 2023, A note on DPO with noisy preferences; preference_loss(label_smoothing=ε) of the DPO reference code",
        Elsewhere =
        [
            Tool.Reference("label_smoothing"), Tool.OpenRlhf("label_smoothing"), Tool.LlamaFactory("sigmoid with dpo_label_smoothing"),
            Tool.Torchtune("label_smoothing"), Tool.Halos("epsilon"),
        ],
        Parameters = [SmoothingParameter],
        Conversions =
        [
            "The minimum is at Δ = log((1 − ε)/ε)/β.", "label-smoothing = 0 is dpo.",
            "TRL's 'sigmoid' ignores label_smoothing; its 'robust' is robust-dpo, another loss.",
        ],
        Build = (beta, values) => new CDpoLoss { Beta = beta, LabelSmoothing = values[SmoothingParameter] },
    };

    public override string Name => "cdpo";

    public override string Formula => "−(1 − ε)·log σ(β·Δ) − ε·log σ(−β·Δ)";

    /// <summary>ε in [0, ½).</summary>
    public required double LabelSmoothing
    {
        get;
        init => field = SmoothingParameter.Checked(value, Name);
    }

    public override IReadOnlyDictionary<string, double> Parameters =>
        new Dictionary<string, double> { [SmoothingParameter.Name] = LabelSmoothing };

    PreferenceLoss ISmoothedLoss.Smoothed(double labelSmoothing) => this with { LabelSmoothing = labelSmoothing };

    public override double G(double x) => Smoothed(x, LabelSmoothing);

    public override double Slope(double x) => SmoothedSlope(x, LabelSmoothing);

    /// <summary>The smoothed negative log-likelihood of a margin x that is in units of reward.</summary>
    internal static double Smoothed(double x, double smoothing) =>
        ((1 - smoothing) * LogSpace.Softplus(-x)) + LogSpace.Weighted(smoothing, LogSpace.Softplus(x));

    internal static double SmoothedSlope(double x, double smoothing) =>
        (smoothing * LogSpace.Sigmoid(x)) - ((1 - smoothing) * LogSpace.Sigmoid(-x));
}
