using Goodhart.Pipeline;

namespace Goodhart.Steps.Folders;

/// <summary>A step that runs a model over rows: what it takes is known beforehand.</summary>
public abstract record ModelStep<T> : Step<T>
{
    /// <summary>Token rows that are computed at once.</summary>
    [NotInKey]
    public required int RowBudget { get; init; }

    /// <summary>Floating-point operations, about.</summary>
    [NotInKey]
    public required double Cost { get; init; }

    public override double EstimatedCost => Cost;
}
