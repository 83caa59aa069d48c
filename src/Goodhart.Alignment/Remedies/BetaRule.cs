using Goodhart.Alignment.Losses;

namespace Goodhart.Alignment.Remedies;

/// <summary>A β that moves while training, from the loss's own on. It is a constant for the gradient.</summary>
public abstract record BetaRule : Remedy
{
    public sealed override string Kind => "β";

    /// <summary>The rule at work in one run.</summary>
    /// <param name="beta">That of the loss.</param>
    public abstract BetaControl Start(double beta);
}

/// <summary>A <see cref="BetaRule"/> in a run: the β of every pair of a batch, and what it remembers.</summary>
public abstract class BetaControl(double beta)
{
    /// <summary>The base β of the next batch.</summary>
    public double Beta { get; protected set; } = beta;

    /// <summary>Whether it must see the whole batch's log-probs before the first term is known.</summary>
    public virtual bool ReadsBatch => false;

    /// <summary>ε, where it must see the policy's next-token distributions mixed with the reference's; null where not.</summary>
    public virtual double? Perturbation => null;

    /// <summary>The β and the weight of every pair of a batch. Called once for each batch.</summary>
    /// <exception cref="ArgumentException">A batch that the rule can do nothing with; the message says why.</exception>
    public abstract PairShare[] Assign(BatchFacts batch);

    /// <summary>Called after the optimizer's step.</summary>
    public virtual void Updated()
    {
    }

    /// <summary>All that must be kept for the run to go on elsewhere.</summary>
    public abstract double[] Save();

    /// <summary>What <see cref="Save"/> gave.</summary>
    public abstract void Restore(ReadOnlySpan<double> saved);
}

/// <summary>What a pair has of a batch.</summary>
/// <param name="Weight">Times its term; the batch loss stays the mean over all pairs.</param>
public readonly record struct PairShare(double Beta, double Weight);

/// <summary>What is known of a batch before its terms are.</summary>
/// <param name="Step">Updates done before it.</param>
/// <param name="Pairs">Log-probs summed over all tokens. Complete where the rule reads the batch.</param>
/// <param name="Perturbed">One for each pair where the rule has a perturbation; otherwise empty.</param>
public sealed record BatchFacts(int Step, IReadOnlyList<PairLogProbs> Pairs, IReadOnlyList<PerturbedRatio> Perturbed);

/// <summary>log π(y_w) − log π(y_l) of the policy, and of the policies that a slightly smaller and larger β would have given;
/// nats.</summary>
/// <param name="SmallerBeta">Under logits (1 + ε)·l − ε·l_ref, which stand for β/(1 + ε).</param>
/// <param name="Policy">Under the policy's own logits l.</param>
/// <param name="LargerBeta">Under logits (1 − ε)·l + ε·l_ref, which stand for β/(1 − ε).</param>
/// <param name="Scale">Σ|log p| that was added up: differences below 1e-12 of it are rounding.</param>
public readonly record struct PerturbedRatio(double SmallerBeta, double Policy, double LargerBeta, double Scale)
{
    /// <summary>+1 where the ratio rises as β falls, −1 where it rises with β, 0 where neither.</summary>
    public int Step
    {
        get
        {
            double least = 1e-12 * Scale;
            return SmallerBeta - Policy > least && Policy - LargerBeta > least ? 1
                : Policy - SmallerBeta > least && LargerBeta - Policy > least ? -1
                : 0;
        }
    }
}
