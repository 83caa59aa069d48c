using Goodhart.Alignment.Losses;

namespace Goodhart.Alignment.Remedies;

/// <summary>IS-DAA: the pair's importance ratio of policy to reference, cut from above at e^(2ε).</summary>
/// <remarks>
/// The data are taken to be samples of the reference, as in the paper's loss. The cut is on the sum of both log-ratios and on one side: the
/// weight of a pair that the policy has left goes to 0.
/// </remarks>
public sealed record ImportanceWeighting : PairWeighting
{
    private static readonly LossParameter EpsilonParameter = new(
        "epsilon", 0.25, ParameterRange.AtLeast0, "ε: a pair's weight is at most e^(2ε); at 0 no weight exceeds 1");

    public static RemedyEntry Entry { get; } = new()
    {
        Name = "is-daa",
        Meaning = "Each pair weighs as much as the policy would still write it, against the reference that it is taken to come from.",
        Source = "IS-DAA, arXiv:2506.08681; mail-research/AIS-Sampling4DAAs, cli/train_is_dpo.py",
        Claim = new(
            "It mitigates over-optimization, above all where regularization is low.", "arXiv:2506.08681, abstract (an excerpt)",
            ClaimedEffect.SmallerFallAtSmallBeta),
        Parameters = [EpsilonParameter],
        Notes =
        [
            "The published script has epsilon 1, its configuration class 0.25. "
                + "Its trainer is called DPO and multiplies the loss that is ipo-code here.",
            "At step 0 all weights are 1.",
        ],
        Build = values => new ImportanceWeighting { Epsilon = values[EpsilonParameter] },
    };

    public override string Name => "is-daa";

    public override string Formula => "w = exp(min(log(π/π_ref)(y_w) + log(π/π_ref)(y_l), 2ε))";

    /// <summary>ε: finite, at least 0; nats.</summary>
    public required double Epsilon
    {
        get;
        init => field = EpsilonParameter.Checked(value, Name);
    }

    public override IReadOnlyDictionary<string, double> Parameters => new Dictionary<string, double> { [EpsilonParameter.Name] = Epsilon };

    public override double Limit => 2 * Epsilon;

    public override double LogWeight(PairLogProbs pair, double chosen, double rejected) => pair.ChosenLogRatio + pair.RejectedLogRatio;
}
