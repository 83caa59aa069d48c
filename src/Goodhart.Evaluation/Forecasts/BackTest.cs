using Goodhart.Evaluation.Statistics;

namespace Goodhart.Evaluation.Forecasts;

/// <summary>Tries stop rules on the runs of a study. What a rule knows beforehand comes from the other groups (loss and model) alone, so
/// that none sees its own future.</summary>
internal sealed class BackTest
{
    private static readonly double[] Budgets = [0.75, 1, 1.25, 1.5, 2, 2.5, 3, 4, 6];

    private readonly BackTestRun[] runs;
    private readonly IReadOnlyDictionary<string, PeakPlace?> places;
    private readonly double margin;
    private readonly int halves;

    /// <param name="places">By group, from the others.</param>
    public BackTest(IEnumerable<BackTestRun> runs, IReadOnlyDictionary<string, PeakPlace?> places, double falseAlarmMargin)
    {
        this.runs = [.. runs.Where(run => run.Measured.Length > 1)];
        this.places = places;
        margin = falseAlarmMargin;

        // Runs measured on one half of the prompts and scored on the other come twice, one after the other.
        halves = this.runs.Length > 1 && ReferenceEquals(this.runs[0].Whole, this.runs[1].Whole) ? 2 : 1;
    }

    /// <summary>A row per rule; empty where no run has two checkpoints.</summary>
    /// <param name="rule">Tried besides the baselines.</param>
    public IReadOnlyList<BackTestRow> Rows(StopRule rule)
    {
        if (runs.Length == 0)
        {
            return [];
        }

        List<BackTestRow> rows = [Row(_ => rule), Row(_ => new AlwaysLast()), Row(_ => new KeepBest()), Row(_ => new FirstDecline())];
        Dictionary<string, StopRule> budgets = runs.Select(run => run.Group).Distinct().ToDictionary(group => group, BestBudget);
        if (budgets.Count > 1)
        {
            rows.Add(Row(run => budgets[run.Group]));
        }

        if (runs.All(run => places[run.Group] is not null))
        {
            rows.Add(Row(run => new PastForecastPeak(places[run.Group]!)));
        }

        return [.. rows.DistinctBy(row => row.Rule)];
    }

    // The budget with which the other groups lose least.
    private StopRule BestBudget(string group)
    {
        BackTestRun[] others = [.. runs.Where(run => run.Group != group)];
        return new FixedKlRule(others.Length == 0
            ? Budgets[^1]
            : Budgets.MinBy(budget => others.Average(run => run.Follow(new FixedKlRule(budget), margin).Lost)));
    }

    private BackTestRow Row(Func<BackTestRun, StopRule> rule)
    {
        StopRule first = rule(runs[0]);
        BackTestOutcome[] outcomes = [.. runs.Select(run => run.Follow(rule(run), margin))];

        double[] lost = [.. outcomes.Chunk(halves).Select(run => run.Average(o => o.Lost))];
        return new(
            first.Name,
            first.Words,
            lost.Length,
            outcomes.Average(o => o.WinRate),
            lost.Average(),
            MeanEstimate.Of(lost).StandardError,
            lost.Max(),
            outcomes.Average(o => o.Training),
            outcomes.Count(o => o.Stopped) / (double)halves,
            outcomes.Count(o => o.FalseAlarm) / (double)halves);
    }
}
