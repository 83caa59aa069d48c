namespace Goodhart.Alignment.Losses;

/// <summary>The original SLiC-HF: max(0, δ − log π(y_w) + log π(y_l)) − λ·log π(y_w), no reference; the trained-on target is y_w.</summary>
public sealed record SlicHfLoss : PairwiseLoss
{
    private static readonly LossParameter LambdaParameter = new(
        "lambda", 0.1, ParameterRange.AtLeast0, "λ, weight of the chosen response's NLL, summed over tokens");

    public static LossEntry Entry { get; } = new()
    {
        Name = "slic-hf",
        Meaning = "The original SLiC-HF: a hinge on the policy's own log-probs, and the NLL of the chosen response as regulariser.",
        Source = "Zhao et al. 2023, arXiv:2305.10425",
        Elsewhere = [Tool.Halos("slic")],
        Parameters = [LambdaParameter],
        BetaMeaning = "δ of the SLiC-HF paper: the margin in nats at which the hinge closes; it scales no reward",
        UsualBeta = 1,
        Conversions =
        [
            "The hinge closes where the policy's own log-probs differ by β nats; that of slic where the log-ratios differ by 1/β.",
            "The paper regularises with a target from the SFT data; here, as in HALOs, with the chosen response.",
        ],
        Build = (beta, values) => new SlicHfLoss { Beta = beta, Lambda = values[LambdaParameter] },
    };

    public override string Name => "slic-hf";

    public override string Formula => "max(0, β − log π(y_w) + log π(y_l)) − λ·log π(y_w)";

    /// <summary>λ: finite, at least 0.</summary>
    public required double Lambda
    {
        get;
        init => field = LambdaParameter.Checked(value, Name);
    }

    public override IReadOnlyDictionary<string, double> Parameters => new Dictionary<string, double> { [LambdaParameter.Name] = Lambda };

    public override bool NeedsReference => false;

    public override double? ValueAtReference => null;

    public override double RewardScale => 1;

    public override PairScores Scores(PairLogProbs pair) => new(pair.PolicyChosen, pair.PolicyRejected);

    protected override PairGradient Term(PairLogProbs pair)
    {
        double margin = pair.PolicyChosen - pair.PolicyRejected;
        (double hinge, double slope) = margin >= Beta ? (0, 0) : (Beta - margin, -1.0);
        return new(hinge - LogSpace.Weighted(Lambda, pair.PolicyChosen), slope - Lambda, -slope);
    }
}
