using Goodhart.Engine;

namespace Goodhart.Alignment.Training;

/// <summary>Part of a batch that is run at once: a forest, and the derivative of the batch loss by what the model gives for it.</summary>
/// <param name="Upstream">From the outputs (log-probs of the targets, or scores of the head rows) to ∂loss/∂output, one each.</param>
public sealed record MicroBatch(SequencePlan Plan, Func<float[], float[]> Upstream);

/// <param name="GradientNorm">Before clipping.</param>
public readonly record struct UpdateReport(double LearningRate, double GradientNorm);
