namespace Goodhart.Alignment.Losses;

/// <summary>RPO: DPO with β·η times the chosen response's summed NLL, which holds the policy to the data it was shown.</summary>
public sealed record RpoLoss : PairwiseLoss
{
    private static readonly LossParameter EtaParameter = new(
        "eta", 0.005, ParameterRange.AtLeast0, "η, weight of the chosen response's NLL, summed over tokens, in units of β; "
            + "at 0 the loss is dpo");

    public static LossEntry Entry { get; } = new()
    {
        Name = "rpo",
        Meaning = "DPO with the summed NLL of the chosen response as its regulariser: imitation that provably curbs over-optimization.",
        Source = "Liu et al. 2024, arXiv:2405.16436; mail-research/AIS-Sampling4DAAs, cli/train_rpo.py",
        Claim = new PaperClaim(
            "It mitigates over-optimization.", "arXiv:2405.16436 (by its title; not looked up)",
            ClaimedEffect.SmallerFall),
        Parameters = [EtaParameter],
        Conversions =
        [
            "β is that of dpo; eta = 0 is dpo.",
            "For a chosen response of n tokens it is dpo with --nll-weight β·eta·n: long responses weigh more here.",
            "NVIDIA's reward-aware preference optimisation is called RPO too and is another loss.",
        ],
        Build = (beta, values) => new RpoLoss { Beta = beta, Eta = values[EtaParameter] },
    };

    public override string Name => "rpo";

    public override string Formula => "−log σ(β·Δ) − β·η·log π(y_w)";

    /// <summary>η: finite, at least 0.</summary>
    public required double Eta
    {
        get;
        init => field = EtaParameter.Checked(value, Name);
    }

    public override IReadOnlyDictionary<string, double> Parameters => new Dictionary<string, double> { [EtaParameter.Name] = Eta };

    public override bool NeedsReference => true;

    /// <summary>Depends on the chosen response.</summary>
    public override double? ValueAtReference => null;

    protected override PairGradient Term(PairLogProbs pair)
    {
        double x = Beta * pair.Margin;
        double slope = -Beta * LogSpace.Sigmoid(-x);
        double weight = Beta * Eta;
        return new(LogSpace.Softplus(-x) - LogSpace.Weighted(weight, pair.PolicyChosen), slope - weight, -slope);
    }
}
