using System.Globalization;
using System.Text.RegularExpressions;
using Goodhart.Pipeline;
using Goodhart.Serve.Watching;
using Goodhart.Steps.Training;

namespace Goodhart.Serve.Answers;

/// <summary>Training curves, thinned out to what a screen shows.</summary>
internal sealed partial class CurveAnswers(StudyWatch watch, string directory)
{
    private const int MostPoints = 120;

    private readonly StoredSteps stored = new(directory);

    /// <summary>A part of a training run: whole where it is stored, else as far as it has told. Null: there is no such part.</summary>
    public CurveAnswer? Of(string key)
    {
        (string Folder, bool Done, IReadOnlyList<TracedProgress> Trace)? step = watch.Look(folder => folder.Fold.Find(key) is { } found
            ? (found.Folder, found.State == WatchedState.Done, found.Trace.ToArray())
            : ((string, bool, IReadOnlyList<TracedProgress>)?)null);
        if (step is not { } part)
        {
            return null;
        }

        return part.Done
            ? stored.Result<SegmentResult>(part.Folder) is { } result
                ? Of([.. result.Log.Select(row => ((double)row.Step, row.Values))], true)
                : null
            : Of([.. part.Trace.Select(told => (UpdateOf(told), told.Metrics)).Where(row => row.Item1 > 0)], false);
    }

    private static CurveAnswer Of((double Update, IReadOnlyDictionary<string, double> Values)[] rows, bool isWhole)
    {
        int size = Math.Max(1, (rows.Length + MostPoints - 1) / MostPoints);
        (double Update, IReadOnlyDictionary<string, double> Values)[][] bins = [.. rows.Chunk(size)];
        return new CurveAnswer(
            isWhole,
            [.. bins.Select(bin => Digits.Of(bin.Average(row => row.Update)) ?? 0)],
            rows.SelectMany(row => row.Values.Keys).Distinct().ToDictionary(
                name => name,
                name => Array.ConvertAll(
                    bins, bin => Mean(bin.Where(row => row.Values.ContainsKey(name)).Select(row => row.Values[name])))));
    }

    private static double? Mean(IEnumerable<double> values)
    {
        double[] all = [.. values.Where(double.IsFinite)];
        return all.Length == 0 ? null : Digits.Of(all.Average());
    }

    /// <summary>Training steps say "update 12/40", those of PPO "collection 12/40".</summary>
    private static double UpdateOf(TracedProgress told) => told.Text is { } text && Update().Match(text) is { Success: true } match
        ? double.Parse(match.Groups[1].ValueSpan, CultureInfo.InvariantCulture)
        : 0;

    [GeneratedRegex("^(?:update|collection) ([0-9]{1,9})/")]
    private static partial Regex Update();
}

/// <param name="IsWhole">False while the part runs.</param>
/// <param name="Updates">Of each point, the mean of those it stands for.</param>
/// <param name="Values">By metric, as docs/metrics.md names it.</param>
internal sealed record CurveAnswer(bool IsWhole, IReadOnlyList<double> Updates, IReadOnlyDictionary<string, double?[]> Values);
