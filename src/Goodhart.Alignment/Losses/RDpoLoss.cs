namespace Goodhart.Alignment.Losses;

/// <summary>
/// Length-regularised DPO: −log σ(β·Δ + α·(|y_w| − |y_l|)), lengths in tokens, EOS included. It is DPO with α·|y| taken off the reward: a
/// chosen response that is longer is already explained by its length and pulls less.
/// </summary>
/// <remarks>
/// The penalised reward r − α·|y| has the optimal policy with r = β·log(π/π_ref) + α·|y| + const, so the lengths' difference enters with
/// a plus.
/// </remarks>
public sealed record RDpoLoss : PairwiseLoss
{
    private static readonly LossParameter AlphaParameter = new(
        "alpha", 0.01, ParameterRange.AtLeast0, "reward taken off per response token; at 0 the loss is dpo");

    public static LossEntry Entry { get; } = new()
    {
        Name = "r-dpo",
        Meaning = "DPO on a reward that is penalised by length.",
        Source = "Park et al. 2024, arXiv:2403.19159",
        Claim = new PaperClaim(
            "It keeps responses short and the gain in quality.", "arXiv:2403.19159 (an excerpt)",
            ClaimedEffect.Shorter, ClaimedEffect.NoLowerBest),
        Parameters = [AlphaParameter],
        Conversions = ["β is that of dpo; alpha = 0 is dpo.", "alpha/β is how many nats of log-ratio one token more is worth."],
        Build = (beta, values) => new RDpoLoss { Beta = beta, Alpha = values[AlphaParameter] },
    };

    public override string Name => "r-dpo";

    public override string Formula => "−log σ(β·Δ + α·(|y_w| − |y_l|))";

    /// <summary>α, reward per token: finite, at least 0.</summary>
    public required double Alpha
    {
        get;
        init => field = AlphaParameter.Checked(value, Name);
    }

    public override IReadOnlyDictionary<string, double> Parameters => new Dictionary<string, double> { [AlphaParameter.Name] = Alpha };

    public override bool NeedsReference => true;

    /// <summary>Depends on the pair's lengths.</summary>
    public override double? ValueAtReference => null;

    protected override PairGradient Term(PairLogProbs pair)
    {
        double x = (Beta * pair.Margin) + (Alpha * (pair.ChosenLength - pair.RejectedLength));
        double chosen = -Beta * LogSpace.Sigmoid(-x);
        return new(LogSpace.Softplus(-x), chosen, -chosen);
    }
}
