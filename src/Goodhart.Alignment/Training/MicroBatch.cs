using Goodhart.Engine;

namespace Goodhart.Alignment.Training;

/// <summary>Part of a batch that is run at once: a forest, and the derivative of the batch loss by its targets' log-probs.</summary>
/// <param name="Upstream">From the targets' log-probs to ∂loss/∂log-prob, one per target.</param>
public sealed record MicroBatch(SequencePlan Plan, Func<float[], float[]> Upstream);

/// <param name="GradientNorm">Before clipping.</param>
public readonly record struct UpdateReport(double LearningRate, double GradientNorm);
