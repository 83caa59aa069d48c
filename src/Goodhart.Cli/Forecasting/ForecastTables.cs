using System.Globalization;
using Goodhart.Evaluation.Fits;
using Goodhart.Evaluation.Forecasts;
using Goodhart.Evaluation.Points;
using Spectre.Console;

namespace Goodhart.Cli.Forecasting;

/// <summary>A forecast as tables on a terminal.</summary>
internal static class ForecastTables
{
    public static Table Runs(ForecastReport report)
    {
        Table table = Ansi.Table("run", "seen", "√KL", "keep", "win rate", "peak √KL (interval)", "past it", "advice", "why");
        foreach (RunForecast run in report.Runs)
        {
            table.AddText(
                Name(run.Checkpoint),
                Of($"{run.Seen} to {100 * run.Checkpoint.Fraction:0} %"),
                Of($"{run.SqrtKl:0.00}"),
                Of($"{100 * run.BestFraction:0} %"),
                Of($"{run.BestWinRate:0.000}"),
                Value(run.Peak?.SqrtKl, run.Peak?.SqrtKlInterval, "0.00"),
                run.ChancePast is { } past ? Of($"{100 * past:0} %") : "-",
                run.Stop ? "stop" : "go on",
                run.Reason);
        }

        return table;
    }

    public static Table Declines(ForecastReport report)
    {
        Table table = Ansi.Table("run", "best", "at", "last", "fall ± SE", "p (corrected)", "over-optimized");
        foreach (RunDecline run in report.Declines)
        {
            table.AddText(
                Name(run.Last),
                Of($"{run.BestWinRate:0.000}"),
                Of($"{100 * run.BestFraction:0} %"),
                Of($"{run.LastWinRate:0.000}"),
                Of($"{run.Fall:0.000}") + (run.StandardError is { } error ? Of($" ± {error:0.000}") : ""),
                run.P is { } p ? p.ToString(p < 0.001 ? "0.0e-0" : "0.000", CultureInfo.InvariantCulture) : "-",
                run.P is null ? "-" : run.Worse ? "yes" : "no");
        }

        return table;
    }

    public static Table Sweeps(ForecastReport report)
    {
        Table table = Ansi.Table(
            "group", "β seen", "√KL to", "peak √KL (interval)", "peak win rate (interval)", "whole sweep", "best seen in all", "given away",
            "from β seen alone");
        foreach (SweepForecast sweep in report.Sweeps)
        {
            table.AddText(
                sweep.Group,
                string.Join(", ", sweep.SeenBetas.Select(beta => Of($"{beta}"))),
                Of($"{sweep.LargestSeenSqrtKl:0.00}"),
                Value(sweep.Forecast?.SqrtKl, sweep.Forecast?.SqrtKlInterval, "0.00"),
                Value(sweep.Forecast?.WinRate, sweep.Forecast?.WinRateInterval, "0.000"),
                sweep.WholeSqrtKl is { } whole ? Of($"{whole:0.00}, {sweep.WholeWinRate:0.000}") : "-",
                Of($"{sweep.BestWinRate:0.000}"),
                Number(sweep.Lost),
                Number(sweep.LostSeenAlone));
        }

        return table;
    }

    public static Table BackTest(ForecastReport report)
    {
        Table table = Ansi.Table(
            "rule", "runs", "win rate kept", "below the oracle ± SE", "worst run", "training", "stops", "false alarms");
        foreach (BackTestRow row in report.BackTest)
        {
            table.AddText(
                row.Rule,
                Of($"{row.Runs}"),
                Of($"{row.WinRate:0.000}"),
                Of($"{row.Lost:0.000}") + (row.LostSe is { } error ? Of($" ± {error:0.000}") : ""),
                Of($"{row.Worst:0.000}"),
                Of($"{100 * row.Training:0} %"),
                Of($"{row.Stops:0.#}"),
                Of($"{row.FalseAlarms:0.#}"));
        }

        return table;
    }

    private static string Name(CheckpointKey run) =>
        Of($"{run.Loss}/{run.Model} β {run.Beta}") + (run.Seed == 0 ? "" : Of($" seed {run.Seed}"));

    private static string Value(double? value, FitInterval? interval, string format) => (value, interval) switch
    {
        (null, null) => "-",
        (null, { } bounds) => $"none {bounds.Text(format)}",
        ({ } number, null) => number.ToString(format, CultureInfo.InvariantCulture),
        ({ } number, { } bounds) => $"{number.ToString(format, CultureInfo.InvariantCulture)} {bounds.Text(format)}",
    };

    private static string Number(double? value) => value is { } number ? Of($"{number:0.000}") : "-";

    private static string Of(FormattableString text) => FormattableString.Invariant(text);
}
