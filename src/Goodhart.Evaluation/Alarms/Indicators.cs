namespace Goodhart.Evaluation.Alarms;

/// <summary>The indicators that there are. None knows the loss, its β, or how long the run is planned to be.</summary>
public static class Indicators
{
    // In nats; the sampled KL of a policy that has hardly left its reference is noise about 0, and so is what is divided by it.
    private const double LeastKl = 0.01;

    public static IReadOnlyList<Indicator> All { get; } =
    [
        new("sqrtKl", "√KL to the reference", "√nats") { Of = trail => trail.Now.SqrtKl },
        new("klAcceleration", "(√KL gained per update since the checkpoint before)/(√KL per update of the run so far) − 1", "")
        {
            Of = Acceleration,
        },
        new("klAsymmetry", "(F − KL)/(F + KL), F = forwardKlSampled: which of the two directions is larger", "−1 to 1")
        {
            Of = Asymmetry,
        },
        new("entropyChange", "entropy of a token minus the SFT model's", "nats per token") { Of = trail => trail.Change(p => p.Entropy) },
        new("topMassChange", "topMass minus the SFT model's", "−1 to 1") { Of = trail => trail.Change(p => p.TopMass) },
        new("unseenGrowth", "ln of unseenShare over the SFT model's", "") { Of = trail => trail.LogRatio(p => p.UnseenShare) },
        new("lengthGrowth", "ln of length over the SFT model's", "") { Of = trail => trail.LogRatio(p => p.Length) },
        new("eosChange", "eosRate minus the SFT model's", "−1 to 1") { Of = trail => trail.Change(p => p.EosRate) },
        new("repetitionChange", "repetition minus the SFT model's", "−1 to 1") { Of = trail => trail.Change(p => p.Repetition) },
        new("marginMean", "E Δ on held-out pairs, the margin of log-ratios without β", "nats") { Of = Margin },
        new("marginSpread", "standard deviation of Δ over held-out pairs", "nats") { Of = trail => trail.Now.MarginSpread },
        new("marginSignal", "marginMean over marginSpread", "")
        {
            Of = trail => trail.Now.MarginSpread is > 0 and { } spread ? Margin(trail) / spread : null,
        },
        new("marginPerKl", "marginMean over √KL: what a unit of distance has bought", "√nats")
        {
            Of = trail => trail.Now.SqrtKl > 0 ? Margin(trail) / trail.Now.SqrtKl : null,
        },
        new("accuracy", "share of held-out pairs with Δ > 0", "0 to 1") { Of = trail => trail.Now.Accuracy },
        new("chosenFall", "fall of log π of held-out chosen responses since the SFT model", "nats")
        {
            Of = trail => -trail.Change(p => p.LogProbChosen),
        },
        new("rejectedFall", "the same of the rejected ones", "nats") { Of = trail => -trail.Change(p => p.LogProbRejected) },
        new("dataFall", "the same of the data’s responses to the evaluation prompts", "nats")
        {
            Of = trail => -trail.Change(p => p.LogProbData),
        },
        new("lengthR2", "share of the log-ratio’s variance over the policy’s samples that length explains", "0 to 1")
        {
            Of = trail => trail.Now.LengthR2,
        },
        new("chesChange", "(hiddenSimilarity minus the SFT model's) over the size of the SFT model's", "")
        {
            Of = trail => trail.Change(p => p.HiddenSimilarity) / Math.Abs(trail.Start.HiddenSimilarity ?? double.NaN),
        },
        new(
            "explicitPerImplicit",
            "gain of proxyReward since the SFT model over klK1, from 0.01 nats on: what a nat of implicit reward buys in the explicit one",
            "reward per nat")
        {
            Of = trail => trail.Now.KlK1 > LeastKl ? trail.Change(p => p.ProxyReward) / trail.Now.KlK1 : null,
        },
        new("seedAgreement", "correlation over the evaluation prompts of the KL with another seed's at the same checkpoint", "−1 to 1")
        {
            Of = trail => trail.SeedAgreement,
        },
    ];

    /// <summary>The place of a name in <see cref="All"/>.</summary>
    /// <exception cref="ArgumentException">There is no such indicator.</exception>
    public static int PlaceOf(string name)
    {
        int place = All.Select(indicator => indicator.Name).ToList().IndexOf(name);
        return place >= 0 ? place : throw new ArgumentException($"{name}: no indicator has this name.", nameof(name));
    }

    /// <summary>A checkpoint's values, in the order of <see cref="All"/>.</summary>
    public static double?[] Read(CheckpointTrail trail) => [.. All.Select(indicator => Finite(indicator.Of(trail)))];

    private static double? Finite(double? value) => value is { } number && double.IsFinite(number) ? number : null;

    private static double? Acceleration(CheckpointTrail trail)
    {
        double updates = trail.Now.Step - trail.Before.Step;
        double total = trail.Now.Step - trail.Start.Step;
        return updates > 0 && total > 0 && trail.Now.SqrtKl > 0
            ? ((trail.Now.SqrtKl - trail.Before.SqrtKl) / updates / (trail.Now.SqrtKl / total)) - 1
            : null;
    }

    private static double? Asymmetry(CheckpointTrail trail) =>
        trail.Now.ForwardKlSampled is { } forward && forward + trail.Now.Kl > 0
            ? (forward - trail.Now.Kl) / (forward + trail.Now.Kl)
            : null;

    private static double? Margin(CheckpointTrail trail) => trail.Change(p => p.LogProbChosen) - trail.Change(p => p.LogProbRejected);
}
