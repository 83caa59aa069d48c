using Goodhart.Alignment.Losses;

namespace Goodhart.Alignment.Remedies;

/// <summary>ε-DPO: a β for every pair, smaller where a smaller one would tell the pair's responses better apart, larger where a larger
/// would.</summary>
/// <remarks>Lee et al. 2025, arXiv:2502.13177. How the base β follows differs between the code and the paper at order ε²: a type
/// each.</remarks>
public abstract record PerturbedBeta : BetaRule
{
    private protected static readonly PaperClaim Paper = new(
        "It has a better trade-off of KL and quality than DPO.", "ε-DPO, arXiv:2502.13177, abstract (an excerpt)",
        ClaimedEffect.HigherAtPeakKl);

    private protected static readonly LossParameter EpsilonParameter = new(
        "epsilon", 0.01, ParameterRange.Between(0, 1), "ε, by which part a pair's β is moved");

    /// <summary>ε in (0, 1).</summary>
    public abstract double Epsilon { get; init; }

    public sealed override IReadOnlyDictionary<string, double> Parameters =>
        new Dictionary<string, double> { [EpsilonParameter.Name] = Epsilon };

    public sealed override bool NeedsReferenceModel => true;

    public sealed override void Require(PreferenceLoss loss, int batchSize)
    {
        RequireReference(loss);
        RequireTermsApart(loss);
    }

    public sealed override BetaControl Start(double beta) => new PerturbedBetaControl(this, beta);

    /// <summary>The base β of the next batch.</summary>
    /// <param name="steps">−1, 0 or 1 of each pair of this batch.</param>
    public abstract double Next(double beta, IReadOnlyList<int> steps);
}

/// <summary>The base β follows the mean step, as in the public code.</summary>
public sealed record PairBeta : PerturbedBeta
{
    public static RemedyEntry Entry { get; } = new()
    {
        Name = "epsilon-dpo",
        Meaning = "A β for every pair: smaller where the policy of a smaller β would tell its responses better apart, "
            + "larger where that of a larger would.",
        Source = "ε-DPO, arXiv:2502.13177; oddqueue/e-dpo, trainer.py",
        Claim = Paper,
        Parameters = [EpsilonParameter],
        Notes =
        [
            "The code starts from β 0.01.",
            "It needs the policy's and the reference's whole next-token distributions: both are run once more for every update, "
                + "and every token costs a pass over the vocabulary.",
            "Rewards in metrics are at the loss's own β.",
        ],
        Build = values => new PairBeta { Epsilon = values[EpsilonParameter] },
    };

    public override string Name => "epsilon-dpo";

    public override string Formula =>
        "β of a pair = β/(1 + ε·s), s = ±1 as log π(y_w)/π(y_l) rises with a smaller or larger β; then β ← β/(1 + ε·mean s)";

    public required override double Epsilon
    {
        get;
        init => field = EpsilonParameter.Checked(value, Name);
    }

    public override double Next(double beta, IReadOnlyList<int> steps) => beta / (1 + (Epsilon * steps.Average()));
}

/// <summary>The base β follows the mean of the pairs' β, as in the paper's algorithm.</summary>
public sealed record PairBetaMean : PerturbedBeta
{
    public static RemedyEntry Entry { get; } = new()
    {
        Name = "epsilon-dpo-mean",
        Meaning = "epsilon-dpo whose next base β is the mean of the batch's: it differs by ε² and less.",
        Source = "ε-DPO, arXiv:2502.13177, Algorithm 1 (an excerpt)",
        Claim = Paper,
        Parameters = [EpsilonParameter],
        Build = values => new PairBetaMean { Epsilon = values[EpsilonParameter] },
    };

    public override string Name => "epsilon-dpo-mean";

    public override string Formula =>
        "β of a pair = β/(1 + ε·s), s = ±1 as log π(y_w)/π(y_l) rises with a smaller or larger β; then β ← mean of the pairs' β";

    public required override double Epsilon
    {
        get;
        init => field = EpsilonParameter.Checked(value, Name);
    }

    public override double Next(double beta, IReadOnlyList<int> steps) => steps.Average(step => beta / (1 + (Epsilon * step)));
}

/// <summary><see cref="PerturbedBeta"/> in a run.</summary>
public sealed class PerturbedBetaControl(PerturbedBeta rule, double beta) : BetaControl(beta)
{
    private int[] steps = [];

    public override double? Perturbation => rule.Epsilon;

    public override PairShare[] Assign(BatchFacts batch)
    {
        steps = [.. batch.Perturbed.Select(ratio => ratio.Step)];
        return [.. steps.Select(step => new PairShare(Beta / (1 + (rule.Epsilon * step)), 1))];
    }

    public override void Updated() => Beta = rule.Next(Beta, steps);

    public override double[] Save() => [Beta];

    public override void Restore(ReadOnlySpan<double> saved) => Beta = saved[0];
}
