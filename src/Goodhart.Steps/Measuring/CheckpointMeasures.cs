using Goodhart.Evaluation.Points;
using Goodhart.Evaluation.Statistics;

namespace Goodhart.Steps.Measuring;

/// <summary>
/// What can be said of a checkpoint without a judge. Names as in docs/metrics.md; errors are standard errors, null for a single prompt.
/// </summary>
/// <param name="Kl">E_{y∼π} Σ_t KL(π ‖ π_ref), exact per token; nats per response.</param>
/// <param name="KlK1">E_{y∼π} log π(y)/π_ref(y); nats per response.</param>
/// <param name="Length">Tokens, EOS not counted.</param>
/// <param name="Pairs">Of the held-out pairs, where there are any.</param>
public sealed record CheckpointMeasures(
    MeanEstimate Kl, MeanEstimate KlK1, MeanEstimate Length, double EosRate, double Repetition, HeldOutMeasures? Pairs)
{
    /// <summary>−Σ log π(y)/Σ tokens of the samples, EOS counted; nats per token.</summary>
    public double? Entropy { get; init; }

    /// <summary>Of prompts that come with the data set's responses.</summary>
    public UnseenResponses? Unseen { get; init; }

    /// <summary>Eq. (11)'s unseen share; null where not measured.</summary>
    public BootstrappedShares? Bootstrap { get; init; }

    /// <summary>Mean CHES of pairs; null where not measured.</summary>
    public double? HiddenSimilarity { get; init; }

    /// <summary>A point with what was measured on samples and on held-out pairs.</summary>
    public CheckpointPoint AddTo(CheckpointPoint point) => point with
    {
        Kl = Kl.Mean,
        KlSe = Kl.StandardError,
        KlK1 = KlK1.Mean,
        KlK1Se = KlK1.StandardError,
        Length = Length.Mean,
        LengthSe = Length.StandardError,
        EosRate = EosRate,
        Repetition = Repetition,
        ForwardKl = Pairs?.ForwardKl,
        ForwardKlSe = Pairs?.ForwardKlSe,
        LossValue = Pairs?.LossValue,
        Accuracy = Pairs?.Accuracy,
        Margin = Pairs?.Margin,
        LogProbChosen = Pairs?.LogProbChosen,
        LogProbRejected = Pairs?.LogProbRejected,
        RewardChosen = Pairs?.RewardChosen,
        RewardRejected = Pairs?.RewardRejected,
        Entropy = Entropy,
        MarginSpread = Pairs?.MarginSpread,
        UnseenShare = Bootstrap?.AfterRecent.UnseenShare?.Mean,
        TopMass = Bootstrap?.AfterRecent.TopMass?.Mean,
        HiddenSimilarity = HiddenSimilarity,
    };
}

/// <param name="ForwardKl">Eq. (7): −E log π(y_w)/π_ref(y_w); nats per response.</param>
/// <param name="LossValue">The loss's mean over the pairs; like accuracy, margin and rewards null for a policy that was not trained on
/// pairs.</param>
public sealed record HeldOutMeasures(
    double ForwardKl,
    double ForwardKlSe,
    double? LossValue,
    double? Accuracy,
    double? Margin,
    double LogProbChosen,
    double LogProbRejected,
    double? RewardChosen,
    double? RewardRejected)
{
    /// <summary>Standard deviation over the pairs of Δ, the margin of log-ratios; nats.</summary>
    public double? MarginSpread { get; init; }
}
