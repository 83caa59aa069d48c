namespace Goodhart.Steps.Training;

/// <summary>What a plan says of a part of a training run.</summary>
/// <param name="FlopsPerUpdate">Floating-point operations, about.</param>
/// <param name="WeightBytes">Of the model on disk.</param>
/// <param name="OptimizerBytes">Of the optimizer's state on disk.</param>
public readonly record struct SegmentSize(double FlopsPerUpdate, long WeightBytes, long OptimizerBytes);
