using Goodhart.Alignment.Losses;

namespace Goodhart.Alignment.Remedies;

/// <summary>WPO: the policy's length-normalised probability of both responses, each token's compared with how peaked its distribution
/// is.</summary>
/// <remarks>Zhou et al. 2024, arXiv:2406.11827. Under a uniform distribution the aligned weights are 1.</remarks>
public abstract record WpoWeighting : PairWeighting
{
    private protected static readonly PaperClaim Paper = new(
        "It outperforms DPO.", "WPO, arXiv:2406.11827, abstract (an excerpt; by win rates on Alpaca Eval 2)", ClaimedEffect.HigherBest);

    /// <summary>Policy and reference are equal at step 0, the weight of a pair is not 1.</summary>
    public override bool KeepsValueAtReference => false;

    public sealed override double LogWeight(PairLogProbs pair, double chosen, double rejected) =>
        ((pair.PolicyChosen - chosen) / pair.ChosenLength) + ((pair.PolicyRejected - rejected) / pair.RejectedLength);
}

/// <summary>Sampled alignment, the product cut at 1: what the WPO repository runs.</summary>
public sealed record WpoSampled : WpoWeighting
{
    public static RemedyEntry Entry { get; } = new()
    {
        Name = "wpo",
        Meaning = "Each pair weighs as much as the policy would write it, per token and against its own mean probability; at most 1.",
        Source = "WPO, arXiv:2406.11827; wzhouad/WPO, scripts/run_wpo.py",
        Claim = Paper,
        Elsewhere = [new("TRL", "use_weighting of older versions")],
        Notes = ["The weight is cut once, on the product of both responses'."],
        Build = _ => new WpoSampled(),
    };

    public override string Name => "wpo";

    public override string Formula => "w = min(1, e^(ā_w + ā_l)), ā = mean over tokens of log p_t − log Σ_v p_v²";

    public override VocabularyMeasure Measure => VocabularyMeasure.LogSumOfSquares;

    public override double Limit => 0;
}

/// <summary>Sampled alignment without a cut: what current TRL runs.</summary>
public sealed record WpoUncut : WpoWeighting
{
    public static RemedyEntry Entry { get; } = new()
    {
        Name = "wpo-uncut",
        Meaning = "wpo without the cut at 1: a pair of two responses that the policy is sure of weighs more than one.",
        Source = "huggingface/trl, trl/trainer/dpo_trainer.py, use_weighting; after WPO, arXiv:2406.11827",
        Claim = Paper,
        Elsewhere = [new("TRL", "use_weighting")],
        Build = _ => new WpoUncut(),
    };

    public override string Name => "wpo-uncut";

    public override string Formula => "w = e^(ā_w + ā_l), ā = mean over tokens of log p_t − log Σ_v p_v²";

    public override VocabularyMeasure Measure => VocabularyMeasure.LogSumOfSquares;

    public override double Limit => double.PositiveInfinity;
}

/// <summary>Greedy alignment: against the most likely token. Never above 1.</summary>
public sealed record WpoGreedy : WpoWeighting
{
    public static RemedyEntry Entry { get; } = new()
    {
        Name = "wpo-greedy",
        Meaning = "Each pair weighs as much as the policy would write it, per token and against its most likely token.",
        Source = "WPO, arXiv:2406.11827: the paper's other alignment, of which an excerpt was read and no code",
        Claim = Paper,
        Build = _ => new WpoGreedy(),
    };

    public override string Name => "wpo-greedy";

    public override string Formula => "w = e^(ḡ_w + ḡ_l), ḡ = mean over tokens of log p_t − log max_v p_v";

    public override VocabularyMeasure Measure => VocabularyMeasure.LogLargest;

    public override double Limit => 0;
}

/// <summary>No alignment: the length-normalised probability itself.</summary>
public sealed record WpoPlain : WpoWeighting
{
    public static RemedyEntry Entry { get; } = new()
    {
        Name = "wpo-plain",
        Meaning = "Each pair weighs as much as the policy's geometric mean probability of its tokens.",
        Source = "WPO, arXiv:2406.11827, without alignment",
        Claim = Paper,
        Notes =
        [
            "It costs no look at the vocabulary, and every weight is small: gradients shrink by about e^(−2·mean NLL per token).",
            "open-instruct's wpo differentiates the weight and depends on the batch's shape; it is not here.",
        ],
        Build = _ => new WpoPlain(),
    };

    public override string Name => "wpo-plain";

    public override string Formula => "w = e^(l̄_w + l̄_l), l̄ = log π(y)/|y|";

    public override double Limit => 0;
}
