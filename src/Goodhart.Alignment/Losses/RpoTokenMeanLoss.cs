namespace Goodhart.Alignment.Losses;

/// <summary>DPO and the NLL of the batch's chosen tokens, each token counted once: what TRL trains with loss types sigmoid and
/// sft.</summary>
public sealed record RpoTokenMeanLoss : CoupledLoss
{
    private static readonly LossParameter AlphaParameter = new(
        "alpha", 1, ParameterRange.AtLeast0, "α, weight of the mean NLL over all chosen tokens of the batch; at 0 the loss is dpo");

    public static LossEntry Entry { get; } = new()
    {
        Name = "rpo-token-mean",
        Meaning = "DPO with the NLL of the chosen responses averaged over all tokens of the batch.",
        Source = "huggingface/trl, trl/trainer/dpo_trainer.py, loss types sigmoid and sft; after Pang et al. 2024, arXiv:2404.19733",
        Elsewhere = [Tool.Trl("loss_type sigmoid, sft with loss_weights (1, alpha); rpo_alpha in older versions")],
        Parameters = [AlphaParameter],
        Conversions =
        [
            "β is that of dpo; alpha = 0 is dpo.",
            "dpo with --nll-weight averages within each response, so that long ones weigh no more; "
                + "in a batch of one pair the two are the same.",
        ],
        Build = (beta, values) => new RpoTokenMeanLoss { Beta = beta, Alpha = values[AlphaParameter] },
    };

    public override string Name => "rpo-token-mean";

    public override string Formula => "−log σ(β·Δ) − α·n·log π(y_w)/Σ|y_w|, n pairs and Σ|y_w| chosen tokens in the batch";

    /// <summary>α: finite, at least 0.</summary>
    public required double Alpha
    {
        get;
        init => field = AlphaParameter.Checked(value, Name);
    }

    public override IReadOnlyDictionary<string, double> Parameters => new Dictionary<string, double> { [AlphaParameter.Name] = Alpha };

    /// <summary>Depends on the chosen responses.</summary>
    public override double? ValueAtReference => null;

    protected override void Fill(ReadOnlySpan<PairLogProbs> pairs, Span<PairGradient> terms)
    {
        double tokens = 0;
        foreach (PairLogProbs pair in pairs)
        {
            tokens += pair.ChosenLength;
        }

        double weight = Alpha * pairs.Length / tokens;
        for (int i = 0; i < pairs.Length; i++)
        {
            double x = Beta * pairs[i].Margin;
            double slope = -Beta * LogSpace.Sigmoid(-x);
            terms[i] = new(
                LogSpace.Softplus(-x) - LogSpace.Weighted(weight, pairs[i].PolicyChosen), slope - weight, -slope);
        }
    }
}
