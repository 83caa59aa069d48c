using Goodhart.Alignment.PolicyGradient;
using Goodhart.Evaluation.Fits;
using Goodhart.Report.Axes;
using Goodhart.Report.Charts;
using Goodhart.Report.Drawing;
using Goodhart.Report.Html;
using Goodhart.Report.Text;
using Goodhart.Steps.Publishing;
using Goodhart.Steps.Training;

namespace Goodhart.Steps.Runs;

/// <summary>report.html of a policy-gradient run: what is optimized, and the gold reward where there is one, against √KL.</summary>
internal static class PolicyPage
{
    private const string Paper =
        "Gao et al. (2023) optimize a learned reward and measure with one that labelled its data: the first rises with √KL, the second "
            + "follows "
        + "d(α − β ln d), up and then down (Eq. 5).";

    public static void Write(TrainingResult result, PolicyMethod method, IReadOnlyList<MetricRow> log)
    {
        Collection[] collections = [.. log.Select(Collection.Of)];
        LawFit? law = Law(collections);
        FigureBlock curve = Curve(collections, [.. result.AtCheckpoints.Select(row => row.Step)], law);
        HtmlDocument page = new(
            "Policy gradient",
            [
                Html.Element("p", "lead", "Classical RLHF, Eq. (3): every point is one collection of samples, before the updates on it."),
                Html.Facts(
                [
                    ("Method", method.Name),
                    ("KL coefficient",
                        Numbers.Setting(method.Options.Kl.Initial) + (method.Options.Kl is AdaptiveKl ? ", adaptive" : string.Empty)),
                    ("Collections", Numbers.Count(result.Updates)),
                    ("Episodes", Numbers.Count(result.Last.Values["episode"])),
                    ("Prompts", Numbers.Count(result.Data.Rows)),
                ]),
            ],
            [new Section("reward", "Reward against KL", [curve.Render()])]);
        PageFolder.Write(result.Directory, page.Render(), [curve]);
    }

    private static FigureBlock Curve(Collection[] collections, int[] checkpoints, LawFit? law)
    {
        LinearAxis x = LinearAxis.Over("√KL, √nats", collections.Select(c => c.SqrtKl).Append(0));
        string reading = Reading(collections, law);
        bool hasGold = collections[0].Gold is not null;
        FigureRow score = Row("score", collections, checkpoints, c => new Value(c.Score, null), []);
        FigureRow[] gold = hasGold
            ? [Row("gold reward", collections, checkpoints, c => new Value(c.Gold!.Value, c.GoldSe), Curves(collections, law))]
            : [];
        return new FigureBlock(
            "Score and gold reward against √KL",
            new Figure
            {
                Id = "gold",
                Title = hasGold ? "Score and gold reward against √KL" : "Score against √KL",
                Description = reading,
                Columns = [new FigureColumn("", x)],
                Rows = [score, .. gold],
                Legend =
                [
                    new LegendEntry("collection", new PointMark(Palette.Series(0), MarkerShape.Circle, 2, true, [])),
                    new LegendEntry("at a checkpoint", new PointMark(Palette.Series(0), MarkerShape.Circle, 3, false, [])),
                    .. law is not null ? [new LegendEntry("Eq. (5)", new DottedCurve(Palette.Muted, []))] : (LegendEntry[])[],
                ],
            },
            "Score: the reward models that the policy is trained on; gold: those it never sees, on the same samples. KL is the "
                + "collection's own estimate."
                + (hasGold ? " Error bars: one standard error over prompts." : ""),
            reading,
            Paper,
            new CsvTable(
                ["collection", "sqrtKl", "score", "gold", "goldSe"],
                [.. collections.Select(c => new object?[] { c.Step, c.SqrtKl, c.Score, c.Gold, c.GoldSe })]));
    }

    private static FigureRow Row(
        string name, Collection[] collections, int[] checkpoints, Func<Collection, Value> value, IReadOnlyList<Mark> behind) => new(
        "",
        LinearAxis.Over(
            name,
            [
                .. collections.SelectMany(c => Ends(value(c), checkpoints.Contains(c.Step))),
                .. behind.OfType<DottedCurve>().SelectMany(curve => curve.Points).Select(point => point.Y),
            ]),
        [
            new Panel(
            [
                .. behind,
                new PointMark(
                    Palette.Series(0),
                    MarkerShape.Circle,
                    2,
                    true,
                    [.. collections.Where(c => !checkpoints.Contains(c.Step)).Select(c => Place(name, c, value(c), bar: false))]),
                new PointMark(
                    Palette.Series(0),
                    MarkerShape.Circle,
                    3,
                    false,
                    [.. collections.Where(c => checkpoints.Contains(c.Step)).Select(c => Place(name, c, value(c), bar: true))]),
            ]),
        ]);

    /// <summary>What is drawn of a value: its mean, and the ends of its error bar where it has one.</summary>
    private static double[] Ends(Value value, bool bar) =>
        bar && value.Se is { } error ? [value.Mean - error, value.Mean + error] : [value.Mean];

    private static ChartPoint Place(string name, Collection collection, Value value, bool bar) => new(
        collection.SqrtKl,
        value.Mean,
        bar ? value.Mean - value.Se : null,
        bar ? value.Mean + value.Se : null,
        $"collection {Numbers.Count(collection.Step)}: {name} {Numbers.WithError(value.Mean, value.Se)} at √KL "
            + $"{Numbers.Fixed(collection.SqrtKl, 2)}");

    /// <summary>R(0) is the first collection's gold: its samples are the start's own.</summary>
    private static LawFit? Law(Collection[] collections) => collections[0].Gold is not { } start
        ? null
        : LawFit.Fit(
            new GaoLaw(), new SftIntercept(start), collections.Skip(1).Select(c => c.SqrtKl).ToArray(),
            collections.Skip(1).Select(c => c.Gold!.Value).ToArray());

    private static DottedCurve[] Curves(Collection[] collections, LawFit? law)
    {
        double largest = collections.Max(c => c.SqrtKl);
        return law is null
            ? []
            :
            [
                new DottedCurve(
                    Palette.Muted, [.. Enumerable.Range(0, 81).Select(k => k * largest / 80).Select(d => new ChartPoint(d, law.Value(d)))]),
            ];
    }

    private static string Reading(Collection[] collections, LawFit? law)
    {
        Collection last = collections[^1];
        if (collections.MaxBy(c => c.Gold) is not { Gold: not null } best)
        {
            return $"score went from {Numbers.Fixed(collections[0].Score, 3)} to {Numbers.Fixed(last.Score, 3)} at √KL "
                + $"{Numbers.Fixed(last.SqrtKl, 2)}; "
                + "without --gold nothing says whether the samples are better for it.";
        }

        string peak = law?.Peak is { } found ? $"; Eq. (5) has its peak at √KL {Numbers.Fixed(found.SqrtKl, 2)}" : "";
        return $"gold is highest at √KL {Numbers.Fixed(best.SqrtKl, 2)} ({Numbers.WithError(best.Gold, best.GoldSe)}, collection "
            + $"{Numbers.Count(best.Step)}) and "
            + $"{Numbers.WithError(last.Gold, last.GoldSe)} at the end, √KL {Numbers.Fixed(last.SqrtKl, 2)}, where score went from "
            + $"{Numbers.Fixed(best.Score, 3)} to "
            + $"{Numbers.Fixed(last.Score, 3)}{peak}.";
    }

    private readonly record struct Value(double Mean, double? Se);

    /// <summary>A line of metrics.jsonl, as the page reads it.</summary>
    private sealed record Collection(int Step, double SqrtKl, double Score, double? Gold, double? GoldSe)
    {
        public static Collection Of(MetricRow row) => new(
            row.Step, Math.Sqrt(Math.Max(0, row.Values["objective/kl"])), row.Values["objective/scores"], Find(row, "objective/gold"),
            Find(row, "objective/gold_se"));

        private static double? Find(MetricRow row, string name) => row.Values.TryGetValue(name, out double value) ? value : null;
    }
}
