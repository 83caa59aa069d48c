namespace Goodhart.Alignment.Losses;

/// <summary>
/// AOT on paired data: DPO between the batch's sorted policy margins and its sorted reference margins, so that the one distribution is
/// drawn above the other (first-order stochastic dominance).
/// </summary>
public sealed record AotLoss : SortedLoss
{
    public static LossEntry Entry { get; } = new()
    {
        Name = "aot",
        Meaning = "DPO on margins that are sorted within the batch: the distribution of policy margins is drawn above the reference's.",
        Source = "Melnyk et al. 2024, arXiv:2406.05882",
        Elsewhere = [Tool.Trl("aot (aot_pair in older versions)")],
        Parameters = [SmoothingParameter],
        Conversions = [Conversion],
        Build = (beta, values) => new AotLoss { Beta = beta, LabelSmoothing = values[SmoothingParameter] },
    };

    public override string Name => "aot";

    public override string Formula =>
        "−(1 − ε)·log σ(β·δ_k) − ε·log σ(−β·δ_k), δ_k = k-th smallest log π(y_w)/π(y_l) − k-th smallest log π_ref(y_w)/π_ref(y_l)";

    /// <remarks>A term stands at the pair whose policy margin has its rank.</remarks>
    protected override void Fill(ReadOnlySpan<PairLogProbs> pairs, Span<PairGradient> terms)
    {
        int[] policy = Ranking.Of(pairs, PolicyMargin);
        int[] reference = Ranking.Of(pairs, ReferenceMargin);
        for (int k = 0; k < policy.Length; k++)
        {
            double x = Beta * (PolicyMargin(pairs[policy[k]]) - ReferenceMargin(pairs[reference[k]]));
            double slope = Beta * CDpoLoss.SmoothedSlope(x, LabelSmoothing);
            terms[policy[k]] = new(CDpoLoss.Smoothed(x, LabelSmoothing), slope, -slope);
        }
    }

    private static double PolicyMargin(PairLogProbs pair) => pair.PolicyChosen - pair.PolicyRejected;

    private static double ReferenceMargin(PairLogProbs pair) => pair.ReferenceChosen - pair.ReferenceRejected;
}
