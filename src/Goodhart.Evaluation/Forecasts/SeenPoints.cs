using Goodhart.Evaluation.Points;

namespace Goodhart.Evaluation.Forecasts;

/// <summary>What a forecast stands on.</summary>
/// <param name="Runs">Each point's run, numbered from 0: points of a run err together.</param>
internal sealed record SeenPoints(double SftWinRate, double[] SqrtKl, double[] WinRates, int[] Runs)
{
    /// <summary>Points of one run alone count one by one: there is nothing else to judge the error by.</summary>
    public static SeenPoints Of(IReadOnlyList<CheckpointPoint> points, double sftWinRate)
    {
        (double?, int)[] keys = [.. points.Select(point => (point.Beta, point.Seed))];
        int[] runs = keys.Distinct().Count() > 1
            ? [.. keys.Select(key => Array.IndexOf(keys.Distinct().ToArray(), key))]
            : [.. Enumerable.Range(0, keys.Length)];
        return new(sftWinRate, [.. points.Select(p => p.SqrtKl)], [.. points.Select(p => p.WinRate!.Value)], runs);
    }
}
