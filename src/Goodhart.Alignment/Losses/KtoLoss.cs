namespace Goodhart.Alignment.Losses;

/// <summary>
/// KTO of one response with a label: w_d·(1 − σ(β·(a − z))) where it is desirable, w_u·(1 − σ(β·(z − a))) where it is not, a the response's
/// log-ratio and z an estimate of the policy's KL to the reference that is held fixed in the gradient.
/// </summary>
/// <remarks>Ethayarajh et al. 2024, arXiv:2402.01306. <see cref="KtoPairLoss"/> makes a loss on pairs of it.</remarks>
public sealed record KtoLoss
{
    internal static readonly LossParameter DesirableParameter = new(
        "desirable-weight", 1, ParameterRange.Above0, "w_d, weight of the desirable (chosen) responses");

    internal static readonly LossParameter UndesirableParameter = new(
        "undesirable-weight", 1, ParameterRange.Above0, "w_u, weight of the undesirable (rejected) responses");

    /// <summary>β, per nat: the implicit reward is β times the log-ratio.</summary>
    public required double Beta { get; init; }

    public double DesirableWeight
    {
        get;
        init => field = DesirableParameter.Checked(value, "kto");
    }

    = DesirableParameter.Default;

    public double UndesirableWeight
    {
        get;
        init => field = UndesirableParameter.Checked(value, "kto");
    }

    = UndesirableParameter.Default;

    /// <summary>z of a batch: the mean log-ratio of responses that do not belong to their prompts or labels, and at least 0. Nats.</summary>
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
