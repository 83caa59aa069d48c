namespace Goodhart.Alignment.Losses;

/// <summary>
/// ORPO: β·(−log σ(log odds(y_w) − log odds(y_l))) and α times the NLL of the chosen response; odds = p/(1 − p), log p the mean log-prob
/// per token. No reference.
/// </summary>
public sealed record OrpoLoss : PairwiseLoss
{
    /// <summary>A mean log-prob of 0 is a rounded one: a response of probability 1 has infinite odds, and its gradient 0/0.</summary>
    private const double Nearest = -1e-16;

    private static readonly LossParameter NllParameter = new(
        "nll-weight", 1, ParameterRange.AtLeast0, "α, weight of the chosen response's mean NLL per token");

    public static LossEntry Entry { get; } = new()
    {
        Name = "orpo",
        Meaning = "The NLL of the chosen response and β times the log odds ratio: SFT and alignment in one, without a reference.",
        Source = "Hong et al. 2024, arXiv:2403.07691",
        Elsewhere = [Tool.Trl("ORPOTrainer"), Tool.LlamaFactory("orpo")],
        Parameters = [NllParameter],
        BetaMeaning = "λ of the ORPO paper: the weight of the odds-ratio term against the NLL; it scales nothing inside the sigmoid",
        Conversions =
        [
            "No β of another loss corresponds to it.",
            "TRL averages the NLL over all tokens of the batch, prompts included; here over the response's.",
        ],
        Build = (beta, values) => new OrpoLoss { Beta = beta, NllWeight = values[NllParameter] },
    };

    public override string Name => "orpo";

    public override string Formula =>
        "−β·log σ(log odds(y_w) − log odds(y_l)) − α·log π(y_w)/|y_w|, odds = p/(1 − p), log p = log π(y)/|y|";

    /// <summary>α: finite, at least 0.</summary>
    public required double NllWeight
    {
        get;
        init => field = NllParameter.Checked(value, Name);
    }

    public override IReadOnlyDictionary<string, double> Parameters => new Dictionary<string, double> { [NllParameter.Name] = NllWeight };

    public override bool NeedsReference => false;

    public override double? ValueAtReference => null;

    public override PairScores Scores(PairLogProbs pair) => new(pair.PolicyChosenMean, pair.PolicyRejectedMean);

    protected override PairGradient Term(PairLogProbs pair)
    {
        (double chosen, double rejected) = (Math.Min(pair.PolicyChosenMean, Nearest), Math.Min(pair.PolicyRejectedMean, Nearest));
        double odds = (chosen - rejected) - (LogSpace.LogOneMinusExp(chosen) - LogSpace.LogOneMinusExp(rejected));
        (double missedChosen, double missedRejected) = (-LogSpace.ExpMinusOne(chosen), -LogSpace.ExpMinusOne(rejected));

        // σ(−odds)/(1 − p_w) in a form without 0/0; the rejected derivative is σ(−odds)/(1 − p_l).
        double slope = 1 / (missedChosen + (Math.Exp(chosen - rejected) * missedRejected));
        return new PairGradient(
            Beta * LogSpace.Softplus(-odds),
            -Beta * slope / pair.ChosenLength,
            Beta * slope * (missedChosen / missedRejected) / pair.RejectedLength).AddNll(pair, NllWeight);
    }
}
