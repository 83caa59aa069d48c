namespace Goodhart.Alignment.Losses;

/// <summary>DPO that imitates both responses, the rejected one too: a baseline that tells what likelihood alone does.</summary>
public sealed record DpoNllBothLoss : PairwiseLoss
{
    private static readonly LossParameter WeightParameter = new(
        "weight", 0.005, ParameterRange.AtLeast0, "w, weight of both responses' NLL, summed over tokens; at 0 the loss is dpo");

    public static LossEntry Entry { get; } = new()
    {
        Name = "dpo-nll-both",
        Meaning = "DPO with the summed NLL of both responses: imitation of the data, whoever was preferred.",
        Source = "adambarla/pepo, src/pepo/model/sftdpo.py, a baseline there; PEPO is arXiv:2602.06239",
        Parameters = [WeightParameter],
        Conversions = ["β is that of dpo; weight = 0 is dpo."],
        Build = (beta, values) => new DpoNllBothLoss { Beta = beta, Weight = values[WeightParameter] },
    };

    public override string Name => "dpo-nll-both";

    public override string Formula => "−log σ(β·Δ) − w·(log π(y_w) + log π(y_l))";

    /// <summary>w: finite, at least 0.</summary>
    public required double Weight
    {
        get;
        init => field = WeightParameter.Checked(value, Name);
    }

    public override IReadOnlyDictionary<string, double> Parameters => new Dictionary<string, double> { [WeightParameter.Name] = Weight };

    public override bool NeedsReference => true;

    /// <summary>Depends on the responses.</summary>
    public override double? ValueAtReference => null;

    protected override PairGradient Term(PairLogProbs pair)
    {
        double x = Beta * pair.Margin;
        double slope = -Beta * LogSpace.Sigmoid(-x);
        double nll = LogSpace.Weighted(Weight, pair.PolicyChosen) + LogSpace.Weighted(Weight, pair.PolicyRejected);
        return new(LogSpace.Softplus(-x) - nll, slope - Weight, -slope - Weight);
    }
}
