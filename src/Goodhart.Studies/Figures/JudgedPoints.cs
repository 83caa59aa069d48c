using Goodhart.Evaluation.Points;
using Goodhart.Studies.Results;

namespace Goodhart.Studies.Figures;

/// <summary>Points with a win rate. A study without a judge has none, and what shows win rates is left out of its report.</summary>
internal static class JudgedPoints
{
    public static bool Any(StudyResults results) => results.Points.Any(point => point.Loss.Length > 0 && point.WinRate is not null);

    /// <summary>The results with the points that have a win rate.</summary>
    public static StudyResults Only(StudyResults results) =>
        results with { Points = [.. results.Points.Where(point => point.WinRate is not null)] };

    /// <summary>The win rate of a point that has one.</summary>
    public static double WinRateOf(CheckpointPoint point) => point.WinRate
        ?? throw new ArgumentException($"{PointText.Name(point)}: no win rate: nothing has judged its responses.", nameof(point));
}
