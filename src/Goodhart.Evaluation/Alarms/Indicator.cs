using Goodhart.Alignment.Remedies;
using Goodhart.Evaluation.Points;
using Goodhart.Evaluation.Statistics;

namespace Goodhart.Evaluation.Alarms;

/// <summary>A sign of over-optimization that no judge is asked for: a number of a checkpoint, of what was measured there, at the checkpoint
/// before and at the SFT model.</summary>
/// <param name="Name">As in docs/metrics.md and in a table's header.</param>
/// <param name="Formula">In the words of docs/metrics.md.</param>
public sealed record Indicator(string Name, string Formula, string Unit)
{
    /// <summary>Null where something that it takes was not measured, or it is not defined.</summary>
    public required Func<CheckpointTrail, double?> Of { get; init; }
}

/// <summary>A checkpoint with what came before it.</summary>
/// <param name="Start">The SFT model.</param>
/// <param name="Before">The checkpoint before; <paramref name="Start"/> for the first.</param>
public readonly record struct CheckpointTrail(CheckpointPoint Start, CheckpointPoint Before, CheckpointPoint Now)
{
    /// <summary>Correlation over prompts of the KL with another seed's; null where there is none, or outcomes by prompt are
    /// missing.</summary>
    public double? SeedAgreement { get; init; }

    /// <summary>What a quantity has changed by since the SFT model.</summary>
    public double? Change(Func<CheckpointPoint, double?> quantity) => quantity(Now) - quantity(Start);

    /// <summary>ln of its ratio to the SFT model's; null where one of the two is not above 0.</summary>
    public double? LogRatio(Func<CheckpointPoint, double?> quantity) =>
        quantity(Now) is > 0 and { } now && quantity(Start) is > 0 and { } start ? Math.Log(now / start) : null;

    /// <summary>One for each checkpoint of a run, in order of training.</summary>
    /// <param name="all">The study's checkpoints: another seed's may be among them.</param>
    public static IReadOnlyList<CheckpointTrail> Of(
        CheckpointPoint start, IReadOnlyList<EvaluatedCheckpoint> run, IReadOnlyList<EvaluatedCheckpoint> all) =>
    [
        .. Of(start, [.. run.Select(checkpoint => checkpoint.Point)]).Zip(run, (trail, checkpoint) => trail with
        {
            SeedAgreement = Agreement(checkpoint, all),
        }),
    ];

    /// <inheritdoc cref="Of(CheckpointPoint, IReadOnlyList{EvaluatedCheckpoint}, IReadOnlyList{EvaluatedCheckpoint})"/>
    public static IReadOnlyList<CheckpointTrail> Of(CheckpointPoint start, IReadOnlyList<CheckpointPoint> run) =>
        [.. run.Select((now, i) => new CheckpointTrail(start, i == 0 ? start : run[i - 1], now))];

    /// <summary>With the seed that follows, the first one after the last: each seed has one other, whatever their number.</summary>
    private static double? Agreement(EvaluatedCheckpoint checkpoint, IReadOnlyList<EvaluatedCheckpoint> all)
    {
        CheckpointPoint own = checkpoint.Point;
        if (RemediedLosses.RemediesOf(own.Loss).Split('+').Contains(SeedSoup.Entry.Name))
        {
            // One model under every seed's name: it agrees with itself.
            return null;
        }

        EvaluatedCheckpoint[] others =
        [
            .. all.Where(other => (other.Point.Model, other.Point.Loss, other.Point.Beta, other.Point.Fraction)
                    == (own.Model, own.Loss, own.Beta, own.Fraction) && other.Point.Seed != own.Seed)
                .OrderBy(other => other.Point.Seed),
        ];
        EvaluatedCheckpoint? twin = others.FirstOrDefault(other => other.Point.Seed > own.Seed) ?? others.FirstOrDefault();
        int prompts = checkpoint.Outcomes.Kl.Length;
        return twin is not null && prompts > 2 && twin.Outcomes.Kl.Length == prompts
            ? Correlation.Pearson(checkpoint.Outcomes.Kl, twin.Outcomes.Kl)?.Value
            : null;
    }
}
