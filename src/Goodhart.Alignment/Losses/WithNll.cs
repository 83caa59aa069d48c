namespace Goodhart.Alignment.Losses;

/// <summary>Any loss with weight·NLL(y_w) added, the NLL averaged over the chosen response's tokens.</summary>
/// <remarks>
/// Per pair, −log π(y_w)/|y_w|: where a tool averages over all tokens of a batch, long responses weigh more there.
/// </remarks>
public sealed record WithNll : PreferenceLoss
{
    public const string ParameterName = "nll-weight";

    private static readonly LossParameter WeightParameter = new(
        ParameterName, 0, ParameterRange.Above0, "weight of the chosen response's mean NLL per token");

    public required PreferenceLoss Loss
    {
        get;
        init => field = !value.Parameters.ContainsKey(ParameterName) ? value : throw new ArgumentException(
            $"{value.Name} has an NLL term of its own: set its parameter {ParameterName} instead.");
    }

    /// <summary>Finite and above zero.</summary>
    public required double Weight
    {
        get;
        init => field = WeightParameter.Checked(value, "an NLL term");
    }

    /// <summary>That of the loss.</summary>
    public override double Beta
    {
        get => Loss.Beta;
        init => Loss = Loss with { Beta = value };
    }

    public override string Name => $"{Loss.Name}+nll";

    public override string Formula => $"{Loss.Formula} + nll-weight·(−log π(y_w)/|y_w|)";

    public override IReadOnlyDictionary<string, double> Parameters =>
        new Dictionary<string, double>(Loss.Parameters) { [ParameterName] = Weight };

    public override bool NeedsReference => Loss.NeedsReference;

    public override bool CouplesBatch => Loss.CouplesBatch;

    /// <summary>Depends on the chosen response.</summary>
    public override double? ValueAtReference => null;

    public override double RewardScale => Loss.RewardScale;

    public override PairScores Scores(PairLogProbs pair) => Loss.Scores(pair);

    public override void Evaluate(ReadOnlySpan<PairLogProbs> pairs, Span<PairGradient> terms)
    {
        Loss.Evaluate(pairs, terms);
        for (int i = 0; i < terms.Length; i++)
        {
            terms[i] = terms[i].AddNll(pairs[i], Weight);
        }
    }
}
