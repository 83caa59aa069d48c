namespace Goodhart.Alignment.Losses;

/// <summary>AOT on chosen and rejected responses that need not belong together: DPO between their sorted log-ratios.</summary>
public sealed record AotUnpairedLoss : SortedLoss
{
    public static LossEntry Entry { get; } = new()
    {
        Name = "aot-unpaired",
        Meaning = "DPO between the batch's sorted chosen log-ratios and its sorted rejected ones, whichever pair they come from.",
        Source = "Melnyk et al. 2024, arXiv:2406.05882",
        Elsewhere = [Tool.Trl("aot_unpaired (aot in older versions)")],
        Parameters = [SmoothingParameter],
        Conversions = [Conversion],
        Build = (beta, values) => new AotUnpairedLoss { Beta = beta, LabelSmoothing = values[SmoothingParameter] },
    };

    public override string Name => "aot-unpaired";

    public override string Formula =>
        "−(1 − ε)·log σ(β·δ_k) − ε·log σ(−β·δ_k), δ_k = k-th smallest log(π/π_ref)(y_w) − k-th smallest log(π/π_ref)(y_l)";

    /// <remarks>A term stands at the pair whose chosen log-ratio has its rank; the rejected derivative at the pair it belongs to.</remarks>
    protected override void Fill(ReadOnlySpan<PairLogProbs> pairs, Span<PairGradient> terms)
    {
        int[] chosen = Ranking.Of(pairs, pair => pair.ChosenLogRatio);
        int[] rejected = Ranking.Of(pairs, pair => pair.RejectedLogRatio);
        for (int k = 0; k < chosen.Length; k++)
        {
            double x = Beta * (pairs[chosen[k]].ChosenLogRatio - pairs[rejected[k]].RejectedLogRatio);
            double slope = Beta * CDpoLoss.SmoothedSlope(x, LabelSmoothing);
            terms[chosen[k]] = terms[chosen[k]] with { Loss = CDpoLoss.Smoothed(x, LabelSmoothing), Chosen = slope };
            terms[rejected[k]] = terms[rejected[k]] with { Rejected = -slope };
        }
    }
}
