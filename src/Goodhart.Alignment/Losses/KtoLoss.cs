namespace Goodhart.Alignment.Losses;

/// <summary>
/// KTO of single responses with labels: w_d·(1 − σ(β·(a − z))) where one is desirable, w_u·(1 − σ(β·(z − a))) where it is not, a the
/// response's
/// log-ratio and z an estimate of the policy's KL to the reference that is held fixed in the gradient. A batch's loss is the mean of its
/// rows'.
/// </summary>
/// <remarks>
/// Ethayarajh et al. 2024, arXiv:2402.01306. z is the mean log-ratio of responses to other prompts
/// (<see cref="Training.MismatchedResponses"/>);
/// <see cref="KtoPairLoss"/> has another estimate and so is another loss.
/// </remarks>
public sealed record KtoLoss : AlignmentLoss
{
    internal static readonly LossParameter DesirableParameter = new(
        "desirable-weight", 1, ParameterRange.Above0, "w_d, weight of the desirable (chosen) responses");

    internal static readonly LossParameter UndesirableParameter = new(
        "undesirable-weight", 1, ParameterRange.Above0, "w_u, weight of the undesirable (rejected) responses");

    public static LossEntry Entry { get; } = new()
    {
        Name = "kto",
        Meaning = "KTO on single responses, each desirable or not: the one up, the other down, relative to how far the policy has moved.",
        Source = "Ethayarajh et al. 2024, arXiv:2402.01306",
        Elsewhere = [Tool.Trl("KTOTrainer kto"), Tool.Halos("kto"), Tool.LlamaFactory("stage kto")],
        Parameters = [DesirableParameter, UndesirableParameter],
        Conversions =
        [
            "Weights: kto_chosen_weight and kto_rejected_weight of LLaMA-Factory. With n_d desirable and n_u undesirable rows TRL advises "
            + "w_d·n_d/(w_u·n_u) from 1 to 4/3, after Eq. (8) of the paper.",
            "z pairs a row's prompt with a response drawn from those to other prompts. "
                + "TRL and LLaMA-Factory take the response before it in the file's "
            + "order, HALOs the next one of the micro-batch, and none looks whether it answers the same prompt.",
            "z is the mean over the whole batch, however it is cut; there it is one over the micro-batch (of all devices), "
                + "so gradient accumulation "
            + "changes the loss there and not here.",
            "kto-pair takes pairs and estimates z from the other half of the batch: another loss.",
        ],
        Build = (beta, values) => new KtoLoss
        {
            Beta = beta,
            DesirableWeight = values[DesirableParameter],
            UndesirableWeight = values[UndesirableParameter],
        },
    };

    public override string Name => "kto";

    public override string Formula =>
        "w_d·(1 − σ(β·(a − z))) if desirable, w_u·(1 − σ(β·(z − a))) if not, a = log(π/π_ref), z = max(0, "
            + "batch mean of a of responses to other prompts)";

    /// <summary>β, per nat: the implicit reward is β times the log-ratio.</summary>
    public required override double Beta
    {
        get;
        init => field = CheckedBeta(value);
    }

    /// <summary>w_d: finite, above 0.</summary>
    public required double DesirableWeight
    {
        get;
        init => field = DesirableParameter.Checked(value, Name);
    }

    /// <summary>w_u: finite, above 0.</summary>
    public required double UndesirableWeight
    {
        get;
        init => field = UndesirableParameter.Checked(value, Name);
    }

    public override IReadOnlyDictionary<string, double> Parameters => new Dictionary<string, double>
    {
        [DesirableParameter.Name] = DesirableWeight,
        [UndesirableParameter.Name] = UndesirableWeight,
    };

    public override bool NeedsReference => true;

    public override bool CouplesBatch => true;

    /// <summary>A batch's loss while the policy equals the reference, as at step 0.</summary>
    public double ValueAtReference(int desirable, int undesirable) =>
        0.5 * ((DesirableWeight * desirable) + (UndesirableWeight * undesirable)) / (desirable + undesirable);

    /// <summary>z of a batch: the mean log-ratio of responses that do not belong to their prompts or labels, and at least 0.
    /// Nats.</summary>
    public static double Kl(ReadOnlySpan<double> logRatios)
    {
        double sum = 0;
        foreach (double logRatio in logRatios)
        {
            sum += logRatio;
        }

        return Math.Max(0, sum / logRatios.Length);
    }

    /// <summary>A response's term, and its derivative by the response's policy log-prob.</summary>
    /// <param name="logRatio">a, in nats.</param>
    /// <param name="kl">z, in nats: at least 0.</param>
    public (double Loss, double Slope) Term(double logRatio, bool isDesirable, double kl)
    {
        double x = Beta * (isDesirable ? logRatio - kl : kl - logRatio);
        double weight = isDesirable ? DesirableWeight : UndesirableWeight;
        double slope = weight * Beta * LogSpace.SigmoidSlope(x);
        return (weight * LogSpace.Sigmoid(-x), isDesirable ? -slope : slope);
    }
}
