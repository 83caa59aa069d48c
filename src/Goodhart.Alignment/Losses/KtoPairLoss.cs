namespace Goodhart.Alignment.Losses;

/// <summary>
/// KTO on paired data: the chosen responses are desirable, the rejected ones undesirable, and each half's KL is estimated by the other
/// half's mean log-ratio. A pair's term is the mean of its two responses'.
/// </summary>
public sealed record KtoPairLoss : CoupledLoss
{
    public static LossEntry Entry { get; } = new()
    {
        Name = "kto-pair",
        Meaning = "KTO with the chosen responses as desirable and the rejected as undesirable; each half estimates the other's KL.",
        Source = "Ethayarajh et al. 2024, arXiv:2402.01306; kto_pair of TRL's early DPO trainers",
        Elsewhere =
        [
            Tool.Trl("kto_pair (early DPO trainers, removed since)"), Tool.LlamaFactory("kto_pair (with TRL versions that had it)"),
        ],
        Parameters = [KtoLoss.DesirableParameter, KtoLoss.UndesirableParameter],
        Conversions =
        [
            "z is held fixed in the gradient, as the paper says; TRL's kto_pair differentiated it.",
            "TRL's KTO trainer, HALOs' and LLaMA-Factory's kto estimate z from responses to other prompts and take "
                + "unpaired rows: that is kto.",
            "The batch size is part of the loss: z is a mean over the batch.",
        ],
        Build = (beta, values) => new KtoPairLoss
        {
            Beta = beta,
            DesirableWeight = values[KtoLoss.DesirableParameter],
            UndesirableWeight = values[KtoLoss.UndesirableParameter],
        },
    };

    public override string Name => "kto-pair";

    public override string Formula =>
        "½·w_d·(1 − σ(β·(a_w − z_l))) + ½·w_u·(1 − σ(β·(z_w − a_l))), a = log(π/π_ref), z = max(0, batch mean of a)";

    /// <summary>w_d: finite, above 0.</summary>
    public required double DesirableWeight
    {
        get;
        init => field = KtoLoss.DesirableParameter.Checked(value, Name);
    }

    /// <summary>w_u: finite, above 0.</summary>
    public required double UndesirableWeight
    {
        get;
        init => field = KtoLoss.UndesirableParameter.Checked(value, Name);
    }

    public override IReadOnlyDictionary<string, double> Parameters => new Dictionary<string, double>
    {
        [KtoLoss.DesirableParameter.Name] = DesirableWeight,
        [KtoLoss.UndesirableParameter.Name] = UndesirableWeight,
    };

    public override double? ValueAtReference => 0.25 * (DesirableWeight + UndesirableWeight);

    /// <summary>The terms at KL estimates that are given, as the gradient sees them.</summary>
    /// <param name="chosenKl">z_w, of the chosen half; nats.</param>
    /// <param name="rejectedKl">z_l, of the rejected half; nats.</param>
    public void EvaluateAt(double chosenKl, double rejectedKl, ReadOnlySpan<PairLogProbs> pairs, Span<PairGradient> terms)
    {
        RequireOneTermEach(pairs, terms);
        KtoLoss response = new() { Beta = Beta, DesirableWeight = DesirableWeight, UndesirableWeight = UndesirableWeight };
        for (int i = 0; i < pairs.Length; i++)
        {
            (double chosen, double chosenSlope) = response.Term(pairs[i].ChosenLogRatio, isDesirable: true, rejectedKl);
            (double rejected, double rejectedSlope) = response.Term(pairs[i].RejectedLogRatio, isDesirable: false, chosenKl);
            terms[i] = new(0.5 * (chosen + rejected), 0.5 * chosenSlope, 0.5 * rejectedSlope);
        }
    }

    /// <summary>z_w and z_l of a batch, in nats.</summary>
    public static (double Chosen, double Rejected) KlOf(ReadOnlySpan<PairLogProbs> pairs)
    {
        double[] chosen = new double[pairs.Length];
        double[] rejected = new double[pairs.Length];
        for (int i = 0; i < pairs.Length; i++)
        {
            (chosen[i], rejected[i]) = (pairs[i].ChosenLogRatio, pairs[i].RejectedLogRatio);
        }

        return (KtoLoss.Kl(chosen), KtoLoss.Kl(rejected));
    }

    protected override void Fill(ReadOnlySpan<PairLogProbs> pairs, Span<PairGradient> terms)
    {
        (double chosenKl, double rejectedKl) = KlOf(pairs);
        EvaluateAt(chosenKl, rejectedKl, pairs, terms);
    }
}
