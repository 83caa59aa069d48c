namespace Goodhart.Alignment.Losses;

/// <summary>The loss of one member of PEPO's ensemble: DPO whose margin must exceed log(1 + α). Each member has pairs of its own.</summary>
public sealed record PepoMemberLoss : PairwiseLoss
{
    private static readonly LossParameter AlphaParameter = new(
        "alpha", 0.1, ParameterRange.AtLeast0, "α: the margin is counted from log(1 + α) nats on; at 0 the loss is dpo");

    public static LossEntry Entry { get; } = new()
    {
        Name = "pepo-member",
        Meaning =
            "DPO with a margin offset: what a member of a pessimistic ensemble is trained with, on a part of the pairs that no other has.",
        Source = "PEPO, arXiv:2602.06239; adambarla/pepo, src/pepo/model/deppo.py",
        Parameters = [AlphaParameter],
        Conversions = ["β is that of dpo; alpha = 0 is dpo.", "β·log(1 + alpha) is the offset δ of DPO with an offset (ODPO)."],
        Build = (beta, values) => new PepoMemberLoss { Beta = beta, Alpha = values[AlphaParameter] },
    };

    public override string Name => "pepo-member";

    public override string Formula => "−log σ(β·(Δ − log(1 + α)))";

    /// <summary>α: finite, at least 0.</summary>
    public required double Alpha
    {
        get;
        init => field = AlphaParameter.Checked(value, Name);
    }

    public override IReadOnlyDictionary<string, double> Parameters => new Dictionary<string, double> { [AlphaParameter.Name] = Alpha };

    public override bool NeedsReference => true;

    public override double? ValueAtReference => LogSpace.Softplus(Beta * Offset);

    private double Offset => Math.Log(1 + Alpha);

    protected override PairGradient Term(PairLogProbs pair)
    {
        double x = Beta * (pair.Margin - Offset);
        double slope = -Beta * LogSpace.Sigmoid(-x);
        return new(LogSpace.Softplus(-x), slope, -slope);
    }
}
