namespace Goodhart.Evaluation.Points;

/// <summary>One evaluated checkpoint: a row of points.csv and an element of results.json's points. Divergences are in nats per
/// response.</summary>
/// <remarks>
/// <para>The KL convention is one: policy to reference, summed over a response's tokens, at sampling temperature 1 over the full
/// vocabulary.</para>
/// <para>The SFT model is a point too: <see cref="Loss"/> empty, <see cref="Fraction"/> 0, <see cref="Kl"/> 0. Values that do not exist for
/// a point are null.</para>
/// </remarks>
public sealed record CheckpointPoint
{
    /// <summary>The loss's name (dpo, ipo, slic, ...); empty for the SFT model.</summary>
    public required string Loss { get; init; }

    /// <summary>The loss's β; null for the SFT model.</summary>
    public double? Beta { get; init; }

    /// <summary>The model's name in the study (S, M, L, 1b, ...).</summary>
    public required string Model { get; init; }

    /// <summary>All parameters, embeddings included.</summary>
    public long? Parameters { get; init; }

    public long? NonEmbedding { get; init; }

    public int Seed { get; init; }

    /// <summary>Fraction of the epoch done, in [0, 1].</summary>
    public double Fraction { get; init; }

    public int Step { get; init; }

    /// <summary>Preference pairs seen.</summary>
    public long Examples { get; init; }

    /// <summary>D_KL(π‖π_ref), the exact per-token divergence summed over sampled prefixes.</summary>
    public required double Kl { get; init; }

    public double? KlSe { get; init; }

    /// <summary>The plain estimator k1: E[log π/π_ref] over samples of π.</summary>
    public double? KlK1 { get; init; }

    public double? KlK1Se { get; init; }

    /// <summary>d = √KL; an estimate below zero counts as zero.</summary>
    public double SqrtKl => Math.Sqrt(Math.Max(0, Kl));

    /// <summary>Eq. (7): −E[log π/π_ref] on held-out chosen responses. Signed: it is an estimate.</summary>
    public double? ForwardKl { get; init; }

    public double? ForwardKlSe { get; init; }

    /// <summary>Share of responses that beat the data set's, ties one half; null where nothing has judged them.</summary>
    public double? WinRate { get; init; }

    public double? WinRateSe { get; init; }

    /// <summary>Expected Bradley-Terry win rate: mean of σ(gold(y) − gold(y_data)).</summary>
    public double? WinRateSoft { get; init; }

    public double? WinRateSoftSe { get; init; }

    public double? GoldReward { get; init; }

    public double? GoldRewardSe { get; init; }

    /// <summary>Mean response length in tokens, EOS not counted.</summary>
    public double? Length { get; init; }

    public double? LengthSe { get; init; }

    /// <summary>Share of responses that ended with EOS.</summary>
    public double? EosRate { get; init; }

    /// <summary>Mean share of a response's 4-grams that already occurred in it.</summary>
    public double? Repetition { get; init; }

    /// <summary>The training loss on held-out pairs.</summary>
    public double? LossValue { get; init; }

    /// <summary>Share of held-out pairs whose chosen response has the higher implicit reward, ties one half.</summary>
    public double? Accuracy { get; init; }

    /// <summary>Mean of β·Δ on held-out pairs.</summary>
    public double? Margin { get; init; }

    public double? LogProbChosen { get; init; }

    public double? LogProbRejected { get; init; }

    /// <summary>β times the chosen response's mean log-ratio.</summary>
    public double? RewardChosen { get; init; }

    public double? RewardRejected { get; init; }

    /// <summary>Mean score of the responses under the study's reward model; 0 is the mean over held-out pairs.</summary>
    public double? ProxyReward { get; init; }

    public double? ProxyRewardSe { get; init; }

    /// <summary>n of best-of-n; null for a trained policy.</summary>
    public int? BestOf { get; init; }

    /// <summary>log n − (n − 1)/n of best-of-n: the most its KL can be.</summary>
    public double? KlBound { get; init; }

    /// <summary>γ of Eq. (6), through the origin: nats of log π/π_ref per token (EOS counted) of the policy's own samples.</summary>
    public double? LengthGamma { get; init; }

    /// <summary>Its uncentred R², 1 − rss/Σy².</summary>
    public double? LengthR2Origin { get; init; }

    /// <summary>Eq. (6) with an intercept: nats per token.</summary>
    public double? LengthSlope { get; init; }

    /// <summary>Its R² about the mean: the share of the log-ratio's variance that length explains.</summary>
    public double? LengthR2 { get; init; }

    /// <summary>D_KL(π_ref‖π) from samples of the reference: mean of log π_ref/π. Eq. (7) puts the data's chosen responses in their
    /// place.</summary>
    public double? ForwardKlSampled { get; init; }

    public double? ForwardKlSampledSe { get; init; }

    /// <summary>Mean log π of responses that are in no pair: the SFT model's samples on the evaluation prompts.</summary>
    public double? LogProbSamples { get; init; }

    /// <summary>Mean log π of the data set's responses to the evaluation prompts, in no pair either.</summary>
    public double? LogProbData { get; init; }

    /// <summary>Nats per token (EOS counted) of the policy's own samples, −Σ log π(y)/Σ tokens: at temperature 1 the entropy of its
    /// next-token distributions.</summary>
    public double? Entropy { get; init; }

    /// <summary>Standard deviation over held-out pairs of Δ, the margin of log-ratios, whatever the loss ranks by; nats.</summary>
    public double? MarginSpread { get; init; }

    /// <summary>Mean probability of tokens that the training pairs never show after the same last two tokens, along held-out
    /// responses.</summary>
    public double? UnseenShare { get; init; }

    /// <summary>Mean probability of the five likeliest tokens, along held-out responses.</summary>
    public double? TopMass { get; init; }

    /// <summary>Mean over held-out pairs of the length-normalised CHES of chosen and rejected; null where nobody asked for it.</summary>
    public double? HiddenSimilarity { get; init; }
}
