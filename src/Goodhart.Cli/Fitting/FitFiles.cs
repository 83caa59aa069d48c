using System.Globalization;
using Goodhart.Evaluation.Fits;
using Goodhart.Pipeline;

namespace Goodhart.Cli.Fitting;

/// <summary>Fits as files: fits.json with everything, fits.csv with a row for each coefficient.</summary>
internal static class FitFiles
{
    private const string Header =
        "group,law,intercept,interceptValue,coefficient,value,standardError,rmse,rmseLoo,n,"
        + "peakSqrtKl,peakSqrtKlLow,peakSqrtKlHigh,peakWinRate,extrapolated";

    /// <param name="folder">Already claimed.</param>
    public static void Write(FitReport report, string folder)
    {
        AtomicFile.WriteAllText(Path.Combine(folder, "fits.json"), JsonLayout.Text(report) + "\n");
        AtomicFile.WriteAllText(Path.Combine(folder, "fits.csv"), string.Join('\n', report.Fits.SelectMany(Rows).Prepend(Header)) + "\n");
    }

    private static IEnumerable<string> Rows(ScalingLawFit fit) => fit.Coefficients.Select(coefficient => string.Join(
        ',',
        Quoted(fit.Group),
        fit.Law,
        fit.Intercept,
        Number(fit.InterceptValue),
        coefficient.Name,
        Number(coefficient.Value),
        Number(coefficient.StandardError),
        Number(fit.Rmse),
        Number(fit.RmseLoo),
        Number(fit.Count),
        Number(fit.PeakSqrtKl),
        Number(fit.PeakSqrtKlInterval?.Low),
        Number(fit.PeakSqrtKlInterval?.High),
        Number(fit.PeakWinRate),
        fit.PeakExtrapolated ? "true" : "false"));

    private static string Number(double? value) => value?.ToString(CultureInfo.InvariantCulture) ?? "";

    private static string Quoted(string text) => text.AsSpan().ContainsAny(",\"\n")
        ? $"\"{text.Replace("\"", "\"\"", StringComparison.Ordinal)}\""
        : text;
}
