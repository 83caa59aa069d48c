using Goodhart.Alignment.Remedies;

namespace Goodhart.Steps.Training;

/// <summary>What a plan says of a part of a training run.</summary>
/// <param name="FlopsPerUpdate">Floating-point operations, about.</param>
/// <param name="WeightBytes">Of the model on disk.</param>
/// <param name="OptimizerBytes">Of the optimizer's state on disk.</param>
public readonly record struct SegmentSize(double FlopsPerUpdate, long WeightBytes, long OptimizerBytes)
{
    /// <summary>With the reference's model a third pass forward; what else a remedy costs depends on the vocabulary.</summary>
    /// <param name="remedies">What the loss is trained with; null: nothing.</param>
    public SegmentSize Under(RemedyPlan? remedies) => remedies is null ? this : this with
    {
        FlopsPerUpdate = remedies.NeedsReferenceModel ? FlopsPerUpdate * 4 / 3 : FlopsPerUpdate,
        OptimizerBytes = OptimizerBytes + (remedies.Reference is null ? 0 : WeightBytes),
    };
}
