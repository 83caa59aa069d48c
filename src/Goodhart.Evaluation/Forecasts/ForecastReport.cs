using Goodhart.Evaluation.Points;

namespace Goodhart.Evaluation.Forecasts;

/// <summary>Over-optimization, acted upon: results.json's forecasts.</summary>
/// <param name="Rule">The stop rule, as a sentence.</param>
/// <param name="Measurement">On which prompts the back-test measures and scores.</param>
/// <param name="Declines">Of each run: is its last checkpoint worse than its best?</param>
/// <param name="Runs">Of each run, from the checkpoints seen.</param>
/// <param name="Sweeps">Of each group, from its small budgets.</param>
/// <param name="BackTest">The rule and baselines, followed in every run.</param>
public sealed record ForecastReport(
    string Rule,
    string Measurement,
    IReadOnlyList<RunDecline> Declines,
    IReadOnlyList<RunForecast> Runs,
    IReadOnlyList<SweepForecast> Sweeps,
    IReadOnlyList<BackTestRow> BackTest)
{
    /// <summary>From outcomes by prompt: comparisons are paired, and the back-test measures on one half of the prompts and scores on the
    /// other.</summary>
    public static ForecastReport OfStudy(IReadOnlyList<EvaluatedCheckpoint> checkpoints, ForecastOptions options)
    {
        EvaluatedCheckpoint.RequireCommonPrompts(checkpoints);
        IReadOnlyList<CheckpointGroup> groups = CheckpointGroup.Split(
            [.. EvaluatedCheckpoint.Judged(checkpoints).Where(c => !RlhfMethods.Contains(c.Point.Loss))]);
        bool halved = groups.All(group => group.Checkpoints.All(c => c.Outcomes.Win.Length >= 2 * BackTestRun.LeastPrompts));
        return Of(
            groups,
            run => [.. run.Select(c => new EvaluatedRunPoint(c.Point, RunMeasurement.Of(c)))],
            (group, run) => halved ? BackTestRun.Of(group.Name, run) : [],
            halved
                ? "every other prompt measures, the rest score, and the reverse"
                : $"none: halves of fewer than {2 * BackTestRun.LeastPrompts} prompts cannot be compared",
            options);
    }

    /// <summary>From points alone: comparisons take errors as independent, and the back-test is a little too good.</summary>
    public static ForecastReport OfPoints(IReadOnlyList<CheckpointPoint> points, ForecastOptions options)
    {
        IReadOnlyList<CheckpointGroup> groups = CheckpointGroup.Split(
            [
                .. points.Where(p => p.WinRate is not null && !RlhfMethods.Contains(p.Loss))
                    .Select(p => new EvaluatedCheckpoint(p, new([], []))),
            ]);
        return Of(
            groups,
            run => [.. run.Select(c => new EvaluatedRunPoint(c.Point, RunMeasurement.Of(c.Point)))],
            (group, run) => [BackTestRun.Of(group.Name, [.. run.Select(c => c.Point)])],
            "measured and scored on the same prompts: a little too good",
            options);
    }

    private static ForecastReport Of(
        IReadOnlyList<CheckpointGroup> groups,
        Func<EvaluatedCheckpoint[], EvaluatedRunPoint[]> measure,
        Func<CheckpointGroup, EvaluatedCheckpoint[], IEnumerable<BackTestRun>> split,
        string measurement,
        ForecastOptions options)
    {
        Dictionary<string, PeakPlace?> places =
            groups.ToDictionary(group => group.Name, group => PeakPlace.From(groups.Where(other => other.Name != group.Name)));
        (CheckpointGroup Group, EvaluatedCheckpoint[] Run)[] runs =
            [.. groups.SelectMany(group => Points.Runs.Of(group.Checkpoints).Select(run => (group, run)))];
        return new(
            options.Rule.Words,
            measurement,
            [
                .. runs.Where(r => r.Run.Length > 1).Select(r => RunDecline.Of(
                    CheckpointKey.Of(r.Run[^1].Point), [.. measure(r.Run).Select(point => point.Measurement)])),
            ],
            [
                .. runs.Select(r => RunForecast.Of(
                    measure(r.Run[..Math.Clamp(options.SeenCheckpoints ?? r.Run.Length, 1, r.Run.Length)]),
                    r.Group.Sft?.WinRate,
                    places[r.Group.Name],
                    options)),
            ],
            [.. groups.Select(group => SweepForecast.Of(group, places[group.Name], options)).OfType<SweepForecast>()],
            new BackTest(runs.SelectMany(r => split(r.Group, r.Run)), places, options.FalseAlarmMargin).Rows(options.Rule));
    }
}
