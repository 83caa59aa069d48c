using Goodhart.Evaluation.Fits;
using Goodhart.Evaluation.Points;
using Goodhart.Report.Axes;
using Goodhart.Report.Charts;
using Goodhart.Report.Drawing;
using Goodhart.Report.Text;
using Goodhart.Studies.Results;
using Goodhart.Studies.Wording;

namespace Goodhart.Studies.Figures;

/// <summary>Two quantities of every checkpoint against each other: one panel per loss, one colour and shape per size. Seeds of one
/// checkpoint are a point with their range.</summary>
/// <param name="X">Null where a checkpoint has none: it is not drawn.</param>
/// <param name="YError">Standard error of y, drawn at each run's last checkpoint where it has one seed.</param>
internal sealed record ScatterByLoss(
    string Id,
    string Title,
    PlottedQuantity X,
    PlottedQuantity Y,
    Func<CheckpointPoint, double?>? YError = null)
{
    /// <summary>Where the smallest y begins and the largest ends, where the quantity has such bounds.</summary>
    public (double? Least, double? Most) YRange { get; init; }

    /// <summary>What was fitted to a loss's points at a size; null: nothing is drawn.</summary>
    public Func<string, string, ScalingLawFit?> Law { get; init; } = (_, _) => null;

    /// <summary>Null where no checkpoint has both quantities.</summary>
    public Figure? Draw(StudyResults results, string description)
    {
        StudyOrder order = new StudyOrder(results);
        List<CheckpointPoint> points = results.Points.Where(p => p.Loss.Length > 0 && X.Of(p) is not null && Y.Of(p) is not null).ToList();
        List<string> losses = order.Losses.Where(l => points.Any(p => p.Loss == l)).ToList();
        if (losses.Count == 0)
        {
            return null;
        }

        LinearAxis y = LinearAxis.Over(Y.Label, points.Select(p => Y.Of(p)!.Value), YRange.Least, YRange.Most);
        return new Figure
        {
            Id = Id,
            Title = Title,
            Description = description,
            Columns = [.. losses.Select(l => new FigureColumn(LossNames.Display(l), Across(points.Where(p => p.Loss == l))))],
            Rows = [new(string.Empty, y, [.. losses.Select(l => Panel(order, [.. points.Where(p => p.Loss == l)]))])],
            Legend = [.. Sizes(order, points), .. Laws(order, losses), .. SeedSpread.Legend(points)],
            PanelAspect = losses.Count > 3 ? 1.2 : 0.9,
        };
    }

    private static IEnumerable<LegendEntry> Sizes(StudyOrder order, List<CheckpointPoint> points) =>
        order.Models.Where(m => points.Any(p => p.Model == m))
            .Select(m => new LegendEntry(m, new PointMark(order.InkOf(m), order.ShapeOf(m), 3.2, false, [])))
            .Append(new LegendEntry("last checkpoint of a run", new PointMark(Palette.Muted, MarkerShape.Circle, 3, false, [])))
            .Append(new LegendEntry("earlier", new PointMark(Palette.Muted, MarkerShape.Circle, 3, true, [])));

    private IEnumerable<LegendEntry> Laws(StudyOrder order, List<string> losses) =>
        losses.Any(loss => order.Models.Any(model => Law(loss, model) is not null))
            ? [new LegendEntry("Eq. (5)", new DottedCurve(Palette.Muted, []))]
            : [];

    private LinearAxis Across(IEnumerable<CheckpointPoint> points) => LinearAxis.Over(X.Label, points.Select(p => X.Of(p)!.Value));

    private Panel Panel(StudyOrder order, List<CheckpointPoint> points) => new(
        [
            .. order.Models.Select(m => (Model: m, Fit: Law(points[0].Loss, m))).Where(m => m.Fit is not null)
                .Select(m => LawCurve.Draw(m.Fit!, order.InkOf(m.Model), m.Fit!.LargestSqrtKl)),
            .. order.Models.SelectMany(
                m => Marks(order, m, SeedSpread.Points(points.Where(p => p.Model == m), p => X.Of(p)!.Value, p => Y.Of(p)!.Value))),
        ]);

    private IEnumerable<Mark> Marks(StudyOrder order, string model, IReadOnlyList<SeedPoint<CheckpointPoint>> points)
    {
        List<SeedPoint<CheckpointPoint>> final = points.Where(p => p.Seeds[0].Fraction >= 1 - 1e-9).ToList();
        yield return SeedSpread.Ranges(order.InkOf(model), points);
        yield return new PointMark(
            order.InkOf(model), order.ShapeOf(model), 1.9, true, [.. points.Except(final).Select(p => Place(p, null))]);
        yield return new PointMark(
            order.InkOf(model),
            order.ShapeOf(model),
            3,
            false,
            [.. final.Select(p => Place(p, p.IsMean ? null : YError?.Invoke(p.Seeds[0])))]);
    }

    private ChartPoint Place(SeedPoint<CheckpointPoint> point, double? error)
    {
        (double x, double y) = (point.X, point.Y);
        string values = point.IsMean
            ? $"{X.Name} {PointText.Span(x, point.Range.Left, point.Range.Right, 3)}, {Y.Name} "
                + $"{PointText.Span(y, point.Range.Low, point.Range.High, 3)}"
            : $"{X.Name} {Numbers.Significant(x)}, {Y.Name} {Numbers.WithError(y, error)}";
        return new ChartPoint(x, y, y - error, y + error, $"{PointText.Which(point)}: {values}");
    }
}

/// <param name="Name">In words: "accuracy".</param>
/// <param name="Label">Of its axis.</param>
internal sealed record PlottedQuantity(string Name, string Label, Func<CheckpointPoint, double?> Of)
{
    public static PlottedQuantity WinRate { get; } = new("win rate", "win rate", p => p.WinRate);

    public static PlottedQuantity SqrtKl { get; } = new("√KL", "√KL(π‖π_{ref})", p => p.SqrtKl);
}
