using Goodhart.Evaluation.Fits;
using Goodhart.Evaluation.Points;

namespace Goodhart.Serve.Answers;

/// <summary>Eq. (5) through the checkpoints that there are, for each loss and model: without the report's intervals, which take their
/// time.</summary>
internal sealed class LawCurves
{
    private const int Places = 40;

    private static readonly ScalingLaw Law = new GaoLaw();

    private (int Points, IReadOnlyList<LawRow> Rows) last = (0, []);

    /// <param name="points">Of the whole study.</param>
    public IReadOnlyList<LawRow> Of(IReadOnlyList<CheckpointPoint> points)
    {
        CheckpointPoint[] judged = [.. points.Where(point => point.WinRate is not null)];
        if (judged.Length != last.Points)
        {
            last = (judged.Length, [.. judged.Where(point => point.Loss.Length > 0).GroupBy(point => (point.Loss, point.Model))
                .Select(group => Fit([.. group], Start(judged, group.Key.Model))).OfType<LawRow>()]);
        }

        return last.Rows;
    }

    private static Intercept Start(CheckpointPoint[] judged, string model)
    {
        double[] sft = [.. judged.Where(point => point.Loss.Length == 0 && point.Model == model).Select(point => point.WinRate!.Value)];
        return sft.Length == 0 ? new FreeIntercept() : new SftIntercept(sft.Average());
    }

    private static LawRow? Fit(CheckpointPoint[] group, Intercept start)
    {
        double[] distances = Array.ConvertAll(group, point => point.SqrtKl);
        LawFit? fit = LawFit.Fit(Law, start, distances, Array.ConvertAll(group, point => point.WinRate!.Value));
        return fit is null ? null : new LawRow(
            group[0].Loss,
            group[0].Model,
            [
                .. Enumerable.Range(0, Places + 1).Select(i => i * fit.LargestSqrtKl / Places)
                    .Select(d => new[] { Digits.Of(d), Digits.Of(fit.Value(d)) }),
            ],
            fit.Peak is { } peak && peak.SqrtKl <= fit.LargestSqrtKl ? Digits.Of(peak.SqrtKl) : null);
    }
}
