using System.Globalization;
using Goodhart.Evaluation.Fits;
using Spectre.Console;

namespace Goodhart.Cli.Fitting;

/// <summary>Fits as a table on a terminal.</summary>
internal static class FitTable
{
    public static Table Of(IReadOnlyList<ScalingLawFit> fits)
    {
        Table table = Ansi.Table(
            "group", "law", "coefficients ± SE", "R₀", "n", "RMSE", "LOO RMSE", "peak √KL (interval)", "peak win rate (interval)");
        foreach (ScalingLawFit fit in fits)
        {
            table.AddText(
                fit.Group,
                fit.Law,
                string.Join("  ", fit.Coefficients.Select(Coefficient)),
                $"{Number(fit.InterceptValue)} ({fit.Intercept})",
                fit.Count.ToString(CultureInfo.InvariantCulture),
                Number(fit.Rmse),
                Number(fit.RmseLoo),
                Peak(fit.PeakSqrtKl, fit.PeakSqrtKlInterval, fit.PeakExtrapolated ? " beyond the data" : ""),
                Peak(fit.PeakWinRate, fit.PeakWinRateInterval, ""));
        }

        return table;
    }

    private static string Coefficient(FitCoefficient coefficient) =>
        $"{coefficient.Name} {Number(coefficient.Value)}" + (coefficient.StandardError is { } error ? $" ± {Number(error)}" : "");

    private static string Peak(double? value, FitInterval? interval, string remark) => value is null
        ? "none" + (interval is null ? "" : $" {interval.Text("0.###")}")
        : Number(value) + (interval is null ? "" : $" {interval.Text("0.###")}") + remark;

    private static string Number(double? value) => value?.ToString("0.####", CultureInfo.InvariantCulture) ?? "-";
}
