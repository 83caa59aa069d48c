using Goodhart.Evaluation.Points;

namespace Goodhart.Evaluation.Remedies;

/// <summary>What can be spent on a run.</summary>
public enum SpentKind
{
    /// <summary>Preference labels.</summary>
    Labels,

    /// <summary>Floating-point operations of training, of the reference's scores and of sampling pairs.</summary>
    Compute,
}

/// <summary>A loss with a remedy at a part of what the loss by itself spends on a run.</summary>
/// <param name="Share">Of what the loss by itself spends to its last checkpoint.</param>
/// <param name="Budget">Labels, or floating-point operations.</param>
/// <param name="WinRate">Of the best checkpoint that has spent no more, over all β and the SFT model; chosen on every other prompt and
/// read on the rest.</param>
public sealed record RemedyBudgetRow(
    string Model, string Loss, string Remedies, string? Against, SpentKind Kind, double Share, double Budget, RemedyMeasure WinRate);

/// <summary>Remedies at equal labels and at equal training compute: of those that sample or train more, only one of the two can be
/// equal.</summary>
public static class RemedyBudgets
{
    private static readonly double[] Shares = [0.25, 0.5, 1];

    /// <param name="flops">Of training up to a checkpoint; null: unknown, and compute is left out.</param>
    /// <inheritdoc cref="RemedyLeague.Of"/>
    public static IReadOnlyList<RemedyBudgetRow> Of(
        IReadOnlyList<EvaluatedCheckpoint> checkpoints, IReadOnlyDictionary<CheckpointKey, double>? flops) =>
    [
        .. RemedyLeague.Methods(checkpoints, flops, name => name).SelectMany(methods => ((SpentKind[])
        [
            SpentKind.Labels, .. flops is null ? (SpentKind[])[] : [SpentKind.Compute],
        ]).SelectMany(kind => Shares.SelectMany(share => Of(methods, kind, share)))),
    ];

    private static IEnumerable<RemedyBudgetRow> Of(IReadOnlyList<RemedyRuns> methods, SpentKind kind, double share)
    {
        RemedyRuns plain = methods[0];
        double budget = share * plain.Spent(kind);
        foreach (RemedyRuns method in methods)
        {
            RemedyMeasure? measure = RemedyLeague.Measure(method, plain, methods.Count - 1, runs => runs.Within(kind, budget));
            if (measure is not null)
            {
                yield return new RemedyBudgetRow(
                    method.Model, RemediedLosses.LossOf(method.Name), RemediedLosses.RemediesOf(method.Name),
                    method.AgainstIn(plain), kind, share, budget, measure);
            }
        }
    }
}
