using Goodhart.Alignment.Losses;
using Goodhart.Pipeline;
using Goodhart.Studies.Configuration;

namespace Goodhart.Studies.Steps;

/// <summary>Part of a run that moves a policy away from the SFT model, from one checkpoint to the next: weights and optimizer state in, the
/// same out.</summary>
/// <remarks>Training never evaluates.</remarks>
public abstract record PolicySegment : Step<TrainedModel>
{
    /// <summary>Where the run starts, and what it is measured against.</summary>
    public required SftModel Sft { get; init; }

    /// <summary>Updates done at the end of this part; for policy gradients, collections.</summary>
    public required int End { get; init; }

    /// <summary>Of the run, as the study names the checkpoint; <see cref="End"/> is its rounded share of the whole.</summary>
    [NotInKey]
    public required double Fraction { get; init; }

    [NotInKey]
    public bool KeepsWeights { get; init; } = true;

    [NotInKey]
    public bool KeepsOptimizer { get; init; }

    public StudyModel Model => Sft.Model;

    /// <summary>What the run is called in points.csv: the loss's name, or the method's.</summary>
    public abstract string Method { get; }

    /// <summary>The loss's β, or the coefficient of the KL penalty: either weighs KL against reward in Eq. (3).</summary>
    public abstract double Beta { get; }

    /// <summary>Pairs or episodes seen at the end of this part.</summary>
    public abstract long Examples { get; }

    /// <summary>The loss on pairs that the run minimises; null where it learns from samples.</summary>
    public abstract PreferenceLoss? PairLoss { get; }
}
