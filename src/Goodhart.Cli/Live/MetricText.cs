using System.Globalization;

namespace Goodhart.Cli.Live;

/// <summary>The metrics worth a place in a row of progress.</summary>
internal static class MetricText
{
    private static readonly (string Name, string Label, string Format)[] Shown =
    [
        ("loss", "loss", "0.000"), ("kl/exact", "KL", "0.00"), ("winrate/gold", "win rate", "0.000"),
        ("rewards/accuracies", "accuracy", "0.00"),
    ];

    public static string Of(IReadOnlyDictionary<string, double>? metrics) => metrics is null
        ? ""
        : string.Join("  ", Shown.Where(metric => metrics.ContainsKey(metric.Name)).Select(
            metric => $"{metric.Label} {metrics[metric.Name].ToString(metric.Format, CultureInfo.InvariantCulture)}"));

    public static string TokensPerSecond(IReadOnlyDictionary<string, double>? metrics) =>
        metrics is not null && metrics.TryGetValue("tokens_per_second", out double rate)
            ? rate.ToString("N0", CultureInfo.InvariantCulture)
            : "";
}
