using Goodhart.Evaluation.Points;
using Goodhart.Report.Charts;
using Goodhart.Report.Text;

namespace Goodhart.Studies.Figures;

/// <summary>Checkpoints that differ in the seed alone, drawn as one point: means, and how far the seeds reach from them.</summary>
/// <param name="Seeds">At least one.</param>
internal sealed record SeedPoint<T>(IReadOnlyList<T> Seeds, double X, double Y, ChartRange Range)
{
    /// <summary>Whether there is a spread to show.</summary>
    public bool IsMean => Seeds.Count > 1;

    /// <summary>Groups in order of first appearance.</summary>
    /// <param name="key">What a repetition with another seed has in common with the first.</param>
    public static IReadOnlyList<SeedPoint<T>> Of(IEnumerable<T> items, Func<T, object> key, Func<T, double> x, Func<T, double> y) =>
        [.. items.GroupBy(key).Select(seeds => Of([.. seeds], x, y))];

    private static SeedPoint<T> Of(IReadOnlyList<T> seeds, Func<T, double> x, Func<T, double> y)
    {
        (double across, double up) = (seeds.Average(x), seeds.Average(y));
        return new SeedPoint<T>(seeds, across, up, new ChartRange(across, up, seeds.Min(x), seeds.Max(x), seeds.Min(y), seeds.Max(y)));
    }
}

/// <summary>What figures with seeds share: the crosses, their legend and their sentence in the caption.</summary>
internal static class SeedSpread
{
    public static IReadOnlyList<SeedPoint<CheckpointPoint>> Points(
        IEnumerable<CheckpointPoint> points, Func<CheckpointPoint, double> x, Func<CheckpointPoint, double> y) =>
        SeedPoint<CheckpointPoint>.Of(points, p => (CheckpointKey.Of(p) with { Seed = 0 }, p.BestOf), x, y);

    /// <summary>The spread of those points that have one.</summary>
    public static RangeMark Ranges<T>(Ink ink, IEnumerable<SeedPoint<T>> points) =>
        new(ink, [.. points.Where(p => p.IsMean).Select(p => p.Range)]);

    /// <summary>Empty where no size was run with several seeds.</summary>
    public static IEnumerable<LegendEntry> Legend(IEnumerable<CheckpointPoint> points) =>
        Repeated(points).Any() ? [new LegendEntry("lowest to highest seed", new RangeMark(Palette.Muted, []))] : [];

    /// <summary>What the points of sizes with several seeds are; ends in a blank, empty where there are none.</summary>
    public static string Caption(IEnumerable<CheckpointPoint> points) =>
        Sentence(points, "points are means over seeds, and pale crosses reach from the lowest to the highest in both directions. ");

    /// <summary>The same where runs are lines.</summary>
    public static string LineCaption(IEnumerable<CheckpointPoint> points) =>
        Sentence(points, "lines are means over seeds, and bands reach from the lowest to the highest. ");

    private static string Sentence(IEnumerable<CheckpointPoint> points, string drawn)
    {
        List<string> repeated = Repeated(points).Select(size => $"{size.Model}: {Numbers.Setting(size.Seeds)} seeds").ToList();
        return repeated.Count == 0 ? string.Empty : $"Where runs were repeated ({string.Join(", ", repeated)}), {drawn}";
    }

    private static IEnumerable<(string Model, int Seeds)> Repeated(IEnumerable<CheckpointPoint> points) =>
        points.Where(p => p.Loss.Length > 0)
        .GroupBy(p => p.Model).Select(size => (size.Key, size.Select(p => p.Seed).Distinct().Count())).Where(size => size.Item2 > 1);
}
