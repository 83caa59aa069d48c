using Goodhart.Evaluation.Points;

namespace Goodhart.Evaluation.Divergence;

/// <summary>Section 3.5 of one checkpoint: Eq. (7), which puts the data's chosen responses in the place of the reference's, beside the
/// forward KL on the reference's own samples. An element of results.json's forwardKl.</summary>
/// <param name="Eq7">−E log π/π_ref on held-out chosen responses, nats.</param>
/// <param name="Sampled">E log π_ref/π on samples of π_ref, nats: the forward KL itself.</param>
/// <param name="Difference">Eq. (7) minus sampled.</param>
/// <param name="DifferenceSe">The two are measured on different prompts, so their variances add.</param>
/// <param name="Z">Difference over its error; null where that is zero or not known.</param>
public sealed record ForwardKlReading(
    CheckpointKey Checkpoint,
    double Eq7,
    double? Eq7Se,
    double Sampled,
    double? SampledSe,
    double Difference,
    double? DifferenceSe,
    double? Z)
{
    /// <summary>One per checkpoint that has both.</summary>
    public static IReadOnlyList<ForwardKlReading> OfStudy(IReadOnlyList<EvaluatedCheckpoint> checkpoints) =>
        [.. checkpoints.Where(c => !c.IsSft).Select(c => Of(c.Point)).OfType<ForwardKlReading>()];

    /// <summary>Null where the point lacks either.</summary>
    public static ForwardKlReading? Of(CheckpointPoint point)
    {
        if (point is not { ForwardKl: { } eq7, ForwardKlSampled: { } sampled })
        {
            return null;
        }

        double? error = point is { ForwardKlSe: { } a, ForwardKlSampledSe: { } b } ? Math.Sqrt((a * a) + (b * b)) : null;
        double difference = eq7 - sampled;
        return new(
            CheckpointKey.Of(point), eq7, point.ForwardKlSe, sampled, point.ForwardKlSampledSe, difference, error, error > 0
                ? difference / error
                : null);
    }
}
