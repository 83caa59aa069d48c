namespace Goodhart.Alignment.Losses;

/// <summary>χPO: −log σ(clip(β·(φ(a_w) − φ(a_l)), ±2R)), φ(a) = e^a + a of a log-ratio a: χ² and KL regularisation together.</summary>
public sealed record ChiPoLoss : PairwiseLoss
{
    private static readonly LossParameter RangeParameter = new(
        "reward-range", 1, ParameterRange.Above0, "R: the implicit rewards' difference is clipped to ±2R");

    public static LossEntry Entry { get; } = new()
    {
        Name = "chi-po",
        Meaning = "DPO whose reward adds the probability ratio to its logarithm: pessimism that provably curbs over-optimization.",
        Source = "Huang et al. 2024, arXiv:2407.13399",
        Claim = new PaperClaim(
            "It alleviates over-optimization.", "arXiv:2407.13399, abstract (an excerpt)",
            ClaimedEffect.SmallerFall),
        Parameters = [RangeParameter],
        Conversions =
        [
            "At the reference a log-ratio counts twice: β of chi-po acts there as 2β of dpo.",
            "Outside the clip the gradient is 0; a pair there is not trained on.",
        ],
        Build = (beta, values) => new ChiPoLoss { Beta = beta, RewardRange = values[RangeParameter] },
    };

    public override string Name => "chi-po";

    public override string Formula => "−log σ(clip(β·(φ(a_w) − φ(a_l)), −2R, 2R)), φ(a) = e^a + a, a = log(π/π_ref)";

    /// <summary>R: finite, above 0.</summary>
    public required double RewardRange
    {
        get;
        init => field = RangeParameter.Checked(value, Name);
    }

    public override IReadOnlyDictionary<string, double> Parameters =>
        new Dictionary<string, double> { [RangeParameter.Name] = RewardRange };

    public override bool NeedsReference => true;

    public override double? ValueAtReference => LogSpace.Softplus(0);

    protected override PairGradient Term(PairLogProbs pair)
    {
        (double chosen, double rejected) = (pair.ChosenLogRatio, pair.RejectedLogRatio);
        double x = Beta * (LogSpace.ExpDifference(chosen, rejected) + (chosen - rejected));
        if (Math.Abs(x) > 2 * RewardRange)
        {
            return new(LogSpace.Softplus(-2 * RewardRange * Math.Sign(x)), 0, 0);
        }

        double slope = -Beta * LogSpace.Sigmoid(-x);
        return new(LogSpace.Softplus(-x), slope * (1 + Math.Exp(chosen)), -slope * (1 + Math.Exp(rejected)));
    }
}
