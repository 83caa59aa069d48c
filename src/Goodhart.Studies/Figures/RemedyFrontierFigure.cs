using Goodhart.Evaluation.Points;
using Goodhart.Evaluation.Remedies;
using Goodhart.Report.Axes;
using Goodhart.Report.Charts;
using Goodhart.Report.Drawing;
using Goodhart.Report.Html;
using Goodhart.Report.Text;
using Goodhart.Studies.Results;
using Goodhart.Studies.Wording;

namespace Goodhart.Studies.Figures;

/// <summary>What each remedy's checkpoints reach at most within a KL, against the loss by itself: a panel per remedy.</summary>
internal static class RemedyFrontierFigure
{
    private const int Across = 4;

    /// <summary>Sizes have the palette's first colours.</summary>
    private const int OwnInk = 3;

    public static IEnumerable<FigureBlock> Build(StudyResults results) =>
        from plain in results.RemedyFamilies
        where plain.IsPlain
        let others = results.RemedyFamilies.Where(row => !row.IsPlain && row.Model == plain.Model
            && (row.Against ?? row.Loss) == plain.Loss).ToArray()
        where others.Length > 0
        select Build(results, plain, others);

    private static FigureBlock Build(StudyResults results, RemedyRow plain, RemedyRow[] others)
    {
        string loss = LossNames.Display(plain.Loss);
        Frontier own = Frontier.Of(results, plain.Model, plain.Loss);
        Frontier[] remedies = [.. others.Select(row => Frontier.Of(results, plain.Model, NameOf(row)))];
        string reading = Reading(own, remedies, loss);
        int rows = (others.Length + Across - 1) / Across;
        int columns = Math.Min(Across, others.Length);
        LinearAxis x = LinearAxis.Over(
            PlottedQuantity.SqrtKl.Label, [0, .. remedies.Append(own).SelectMany(frontier => frontier.Points.Select(point => point.X))]);
        LinearAxis y = LinearAxis.Over(
            PlottedQuantity.WinRate.Label, remedies.Append(own).SelectMany(frontier => frontier.Points.Select(point => point.Y)), 0, 1);
        Figure figure = new()
        {
            Id = $"remedies-frontier-{ClaimTables.Anchor(plain.Model)}-{ClaimTables.Anchor(plain.Loss)}",
            Title = $"Frontier of win rate over √KL: {loss} and each of its remedies, {plain.Model}",
            Description = reading,
            Columns = [.. Enumerable.Range(0, columns).Select(_ => new FigureColumn("", x))],
            Rows =
            [
                .. Enumerable.Range(0, rows).Select(row => new FigureRow("", y,
                [
                    .. Enumerable.Range(row * columns, columns)
                        .Select(i => i < remedies.Length ? Panel(own, remedies[i]) : new Panel([])),
                ])),
            ],
            Legend =
            [
                new LegendEntry(loss, new LineMark(Palette.Muted, null, [])),
                new LegendEntry("with the remedy", new LineMark(Palette.Series(OwnInk), null, [])),
                new LegendEntry("its checkpoints", new PointMark(Palette.Series(OwnInk), MarkerShape.Circle, 1.9, true, [])),
            ],
            PanelAspect = 0.72,
        };
        return new FigureBlock(
            $"{loss} and its remedies: what is reached within a KL",
            figure,
            "Points: checkpoints of all strengths and β, means over seeds. Lines: the highest win rate among the checkpoints that are no "
            + "farther from the SFT model. A frontier of more checkpoints has more to choose from, and each flatters as a best does: the "
            + "league table compares.",
            reading,
            "A remedy that only stops a run earlier moves along the loss’s own frontier; one that mends it lies above.",
            new CsvTable(
                ["method", "sqrtKl", "winRate", "frontier"],
                [.. remedies.Prepend(own).SelectMany(frontier => frontier.Rows)]));
    }

    private static string NameOf(RemedyRow row) => RemediedLosses.Name(row.Loss, row.Remedies.Length == 0 ? null : row.Remedies);

    private static Panel Panel(Frontier plain, Frontier remedy) => new(
        [
            new PointMark(Palette.Series(OwnInk), MarkerShape.Circle, 1.9, true, remedy.Points),
            new LineMark(Palette.Muted, null, plain.Line), new LineMark(Palette.Series(OwnInk), null, remedy.Line),
        ])
    {
        Title = LossNames.Display(remedy.Name).Split(" + ")[^1],
    };

    private static string Reading(Frontier plain, Frontier[] remedies, string loss)
    {
        double peak = plain.Line.MaxBy(point => point.Y).X;
        Frontier[] above = [.. remedies.Where(remedy => remedy.At(peak) > plain.At(peak))];
        return $"At √KL {Numbers.Fixed(peak, 2)}, where {loss} by itself is at its best with {Numbers.Fixed(plain.At(peak), 3)}, "
            + $"{Numbers.Count(above.Length)} of {Numbers.Count(remedies.Length)} have reached more"
            + (above.MaxBy(remedy => remedy.At(peak)) is { } best
                ? $", the most {LossNames.Display(best.Name)} with {Numbers.Fixed(best.At(peak), 3)}."
                : ".");
    }

    /// <summary>A method's checkpoints, and the most that they reach within each distance.</summary>
    /// <param name="Points">By distance, the SFT model first.</param>
    private sealed record Frontier(string Name, IReadOnlyList<ChartPoint> Points, IReadOnlyList<ChartPoint> Line)
    {
        public IEnumerable<object?[]> Rows => Points.Select(point => (object?[])[Name, point.X, point.Y, At(point.X)]);

        public static Frontier Of(StudyResults results, string model, string family)
        {
            ChartPoint[] points =
            [
                .. SeedSpread.Points(
                    results.Points.Where(point => point.Model == model && point.WinRate is not null && point.BestOf is null
                        && (point.Loss.Length == 0 || RemediedLosses.FamilyOf(point.Loss) == family)),
                    point => point.SqrtKl,
                    JudgedPoints.WinRateOf).OrderBy(point => point.X).Select(point => new ChartPoint(
                        point.X, point.Y, null, null,
                        $"{PointText.Which(point)}: win rate {Numbers.Fixed(point.Y, 3)} at √KL {Numbers.Fixed(point.X, 2)}")),
            ];
            List<ChartPoint> line = [];
            foreach (ChartPoint point in points)
            {
                // In steps: between two checkpoints nothing more has been reached.
                double before = line.Count == 0 ? point.Y : line[^1].Y;
                line.AddRange([new ChartPoint(point.X, before), new ChartPoint(point.X, Math.Max(before, point.Y))]);
            }

            return new Frontier(family, points, line);
        }

        public double At(double x) => Line.Where(point => point.X <= x).Select(point => point.Y).DefaultIfEmpty(0).Max();
    }
}
