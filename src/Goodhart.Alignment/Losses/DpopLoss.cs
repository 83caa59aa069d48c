namespace Goodhart.Alignment.Losses;

/// <summary>DPO-Positive: −log σ(β·(Δ − λ·max(0, −log-ratio of y_w))), a penalty on a chosen log-prob below the reference's.</summary>
public sealed record DpopLoss : PairwiseLoss
{
    private static readonly LossParameter LambdaParameter = new(
        "lambda", 50, ParameterRange.AtLeast0, "λ, weight of what the chosen log-prob has lost against the reference; "
            + "at 0 the loss is dpo");

    public static LossEntry Entry { get; } = new()
    {
        Name = "dpop",
        Meaning = "DPO with a penalty where the chosen log-prob falls below the reference's (Smaug).",
        Source = "Pal et al. 2024, arXiv:2402.13228",
        Claim = new PaperClaim(
            "It outperforms DPO.", "arXiv:2402.13228 (common knowledge, not looked up)",
            ClaimedEffect.HigherBest),
        Parameters = [LambdaParameter],
        Conversions = ["β is that of dpo; lambda = 0 is dpo.", "The penalty is inside the sigmoid and scaled by β, as in the paper."],
        Build = (beta, values) => new DpopLoss { Beta = beta, Lambda = values[LambdaParameter] },
    };

    public override string Name => "dpop";

    public override string Formula => "−log σ(β·(Δ − λ·max(0, log(π_ref/π)(y_w))))";

    /// <summary>λ: finite, at least 0.</summary>
    public required double Lambda
    {
        get;
        init => field = LambdaParameter.Checked(value, Name);
    }

    public override IReadOnlyDictionary<string, double> Parameters => new Dictionary<string, double> { [LambdaParameter.Name] = Lambda };

    public override bool NeedsReference => true;

    public override double? ValueAtReference => LogSpace.Softplus(0);

    protected override PairGradient Term(PairLogProbs pair)
    {
        double lost = Math.Max(0, -pair.ChosenLogRatio);
        double x = Beta * (pair.Margin - LogSpace.Weighted(Lambda, lost));
        double slope = -Beta * LogSpace.Sigmoid(-x);
        return new(LogSpace.Softplus(-x), slope * (1 + (lost > 0 ? Lambda : 0)), -slope);
    }
}
