using Goodhart.Alignment.PolicyGradient;

namespace Goodhart.Studies.Steps;

/// <summary>A model folder (the step's files) and how it came about.</summary>
/// <param name="Step">Updates done.</param>
/// <param name="Loss">Mean loss over the last updates of this part of the run.</param>
/// <param name="Examples">Seen so far.</param>
/// <param name="Flops">Of this part of the run.</param>
/// <param name="Log">One row per update of this part.</param>
public sealed record TrainedModel(int Step, long Examples, double Loss, double Flops, IReadOnlyList<UpdateRow> Log)
{
    /// <summary>Coefficient of the KL penalty after this part; policy gradients only.</summary>
    public double? KlCoefficient { get; init; }

    /// <summary>One report per collection of this part; policy gradients only.</summary>
    public IReadOnlyList<PolicyGradientReport> Collections { get; init; } = [];
}

/// <summary>What one update reported. Reward columns are null in supervised training.</summary>
public sealed record UpdateRow(
    int Step,
    double Loss,
    double GradientNorm,
    double LearningRate,
    double? Accuracy = null,
    double? Margin = null,
    double? RewardChosen = null,
    double? RewardRejected = null,
    double? LogProbChosen = null,
    double? LogProbRejected = null);
