using Goodhart.Evaluation.Points;
using Goodhart.Report.Charts;
using Goodhart.Report.Text;

namespace Goodhart.Studies.Figures;

/// <summary>One line per β of a quantity against the fraction of the epoch: mean over seeds, with their range as a band.</summary>
/// <param name="sft">Where every line starts; null where it was not evaluated.</param>
internal sealed class BetaLines(StudyOrder order, CheckpointPoint? sft, Func<CheckpointPoint, double> quantity)
{
    public IEnumerable<Mark> Draw(IReadOnlyList<CheckpointPoint> points, string loss)
    {
        // Reversed, so that the large budgets, which the figure is about, lie on top.
        foreach (double beta in order.Betas.Reverse())
        {
            List<IGrouping<double, CheckpointPoint>> checkpoints = points.Where(p => p.Loss == loss && p.Beta == beta)
                .GroupBy(p => p.Fraction).OrderBy(g => g.Key).ToList();
            if (checkpoints.Any(g => g.Count() > 1))
            {
                yield return new BandMark(order.InkOf(beta),
                    [.. Start().Select(s => new ChartSpan(0, s.Y, s.Y)), .. checkpoints.Select(Span)]);
            }

            if (checkpoints.Count > 0)
            {
                yield return new LineMark(order.InkOf(beta), order.ShapeOf(beta), [.. Start(), .. checkpoints.Select(Mean)]);
            }
        }
    }

    private IEnumerable<ChartPoint> Start() => sft is null ? [] : [new ChartPoint(0, quantity(sft), Note: PointText.Full(sft))];

    private ChartSpan Span(IGrouping<double, CheckpointPoint> seeds) => new(seeds.Key, seeds.Min(quantity), seeds.Max(quantity));

    private ChartPoint Mean(IGrouping<double, CheckpointPoint> seeds) =>
        new(
        seeds.Key,
        seeds.Average(quantity),
        Note: seeds.Count() == 1
            ? PointText.Full(seeds.Single())
            : $"{PointText.Name(seeds.First())}, {Numbers.Percent(seeds.Key)}: {Numbers.Significant(seeds.Average(quantity))}, mean of "
                + $"{Numbers.Setting(seeds.Count())} seeds");
}
