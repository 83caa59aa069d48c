using System.Globalization;
using Goodhart.Evaluation.Alarms;
using Goodhart.Evaluation.Points;
using Goodhart.Evaluation.Statistics;
using Spectre.Console;

namespace Goodhart.Cli.Alarms;

/// <summary>An alarm and its test as tables on a terminal.</summary>
internal static class AlarmTables
{
    private const int ReasonsShown = 3;

    public static Table Runs(AlarmReport report)
    {
        Table table = Ansi.Table(
            "run", "at", "√KL", "past its peak", "alarm", "win rates say", "speaks for it", "against", "outside the table",
            "not measured");
        foreach (RunAlarm run in report.Runs)
        {
            CheckpointAlarm last = run.Checkpoints[^1];
            table.AddText(
                Name(run.Last),
                At(last),
                Of($"{last.SqrtKl:0.00}"),
                Of($"{100 * last.Probability:0} %"),
                run.First is { } first ? $"since {At(first)}" : "-",
                Says(run.Outcome, last.Past),
                Reasons(last.Readings.Where(reading => reading.Contribution > 0)),
                Reasons(last.Readings.Where(reading => reading.Contribution < 0)),
                string.Join(", ", last.Readings.Where(reading => reading.IsOutside).Select(reading => reading.Name)),
                string.Join(", ", last.Readings.Where(reading => reading.Value is null).Select(reading => reading.Name)));
        }

        return table;
    }

    public static Table Test(AlarmTest test)
    {
        Table table = Ansi.Table(
            "left out", "predictor", "area under ROC", "alarm − it", "false alarms", "from", "Brier (base)", "calibration error", "called",
            "too early", "lead, nats", "lead, updates");
        foreach (LeftOutTest left in test.LeftOut)
        {
            Add(left.Factor, left.Alarm, "");
            for (int i = 0; i < left.Plain.Count; i++)
            {
                Add("", left.Plain[i], Area(left.Differences[i], signed: true));
            }
        }

        return table;

        void Add(string factor, PredictorScore score, string difference) => table.AddText(
            factor,
            score.Name,
            Area(score.Area, signed: false),
            difference,
            Of($"{100 * score.FalseAlarms.Value:0} % ") + Share(score.FalseAlarms.Interval),
            Of($"{score.Threshold:0.00}"),
            Of($"{score.Calibration.Brier:0.000} ({score.Calibration.BaseBrier:0.000})"),
            Of($"{score.Calibration.Error:0.000}"),
            Of($"{score.Lead.Called} of {score.Lead.Runs}"),
            Of($"{score.Lead.Early}"),
            Middle(score.Lead.Kl, "0.00"),
            Middle(score.Lead.Steps, "0"));
    }

    public static Table Model(AlarmModel model)
    {
        Table table = Ansi.Table("indicator", "logits per standard deviation", "mean", "standard deviation", "what it is");
        foreach (AlarmInput input in model.Inputs.OrderByDescending(input => Math.Abs(input.Weight)))
        {
            table.AddText(
                input.Name,
                Of($"{input.Weight:+0.00;-0.00}"),
                Of($"{input.Mean:G3}"),
                Of($"{input.Deviation:G3}"),
                Indicators.All.Single(indicator => indicator.Name == input.Name).Formula);
        }

        return table;
    }

    private static string Name(CheckpointKey run) =>
        Of($"{run.Loss}/{run.Model}") + (run.Beta is { } beta ? Of($" β {beta}") : "") + (run.Seed == 0 ? "" : Of($" seed {run.Seed}"));

    private static string At(CheckpointAlarm checkpoint) =>
        checkpoint.Fraction > 0 ? Of($"{100 * checkpoint.Fraction:0} %") : Of($"update {checkpoint.Step}");

    private static string Says(RunOutcome? outcome, bool? past) => (outcome, past) switch
    {
        (null, _) => "-",
        (RunOutcome.Undecided, _) or (_, null) => "undecided",
        (_, true) => "past",
        _ => "not past",
    };

    private static string Reasons(IEnumerable<IndicatorReading> readings) => string.Join(
        ", ", readings.OrderByDescending(reading => Math.Abs(reading.Contribution)).Take(ReasonsShown)
            .Select(reading => Of($"{reading.Name} {reading.Value:G3} ({reading.Contribution:+0.0;-0.0})")));

    private static string Area(AreaEstimate area, bool signed)
    {
        string format = signed ? "+0.000;-0.000" : "0.000";
        return Number(area.Value, format) + $" [{Number(area.Interval.Low, format)}, {Number(area.Interval.High, format)}]";
    }

    private static string Share(ConfidenceInterval interval) => Of($"[{100 * interval.Low:0}, {100 * interval.High:0}]");

    private static string Middle(MiddleHalf? half, string format) => half is { } some
        ? $"{Number(some.Median, format)} ({Number(some.Low, format)} to {Number(some.High, format)})"
        : "-";

    private static string Number(double value, string format) => value.ToString(format, CultureInfo.InvariantCulture);

    private static string Of(FormattableString text) => FormattableString.Invariant(text);
}
