namespace Goodhart.Alignment.Losses;

/// <summary>CPO: −log σ(β·(log π(y_w) − log π(y_l))) with no reference, and α times the NLL of the chosen response per token.</summary>
public sealed record CpoLoss : PairwiseLoss
{
    private static readonly LossParameter NllParameter = new(
        "nll-weight", 1, ParameterRange.AtLeast0, "α, weight of the chosen response's mean NLL per token");

    public static LossEntry Entry { get; } = new()
    {
        Name = "cpo",
        Meaning = "DPO without a reference, held by the likelihood of the chosen response instead.",
        Source = "Xu et al. 2024, arXiv:2401.08417",
        Elsewhere = [Tool.Trl("CPOTrainer sigmoid (nll-weight is cpo_alpha)"), Tool.Reference("reference_free=True (nll-weight = 0)")],
        Parameters = [NllParameter],
        BetaMeaning = "the implicit reward is β times the policy's own log-prob",
        Conversions = ["TRL averages the NLL over all chosen tokens of a batch; here over tokens within a response, then over responses."],
        Build = (beta, values) => new CpoLoss { Beta = beta, NllWeight = values[NllParameter] },
    };

    public override string Name => "cpo";

    public override string Formula => "−log σ(β·(log π(y_w) − log π(y_l))) − α·log π(y_w)/|y_w|";

    /// <summary>α: finite, at least 0.</summary>
    public required double NllWeight
    {
        get;
        init => field = NllParameter.Checked(value, Name);
    }

    public override IReadOnlyDictionary<string, double> Parameters => new Dictionary<string, double> { [NllParameter.Name] = NllWeight };

    public override bool NeedsReference => false;

    public override double? ValueAtReference => null;

    public override PairScores Scores(PairLogProbs pair) => new(pair.PolicyChosen, pair.PolicyRejected);

    protected override PairGradient Term(PairLogProbs pair)
    {
        double x = Beta * (pair.PolicyChosen - pair.PolicyRejected);
        double slope = -Beta * LogSpace.Sigmoid(-x);
        return new PairGradient(LogSpace.Softplus(-x), slope, -slope).AddNll(pair, NllWeight);
    }
}
