using Goodhart.Report.Axes;
using Goodhart.Report.Charts;
using Goodhart.Report.Html;
using Goodhart.Report.Text;
using Goodhart.Text;

namespace Goodhart.Studies.Trees;

/// <summary>Figures 7, 9 to 17 and 18: the probability of every trajectory against the step, out of distribution above, the pair
/// below.</summary>
internal static class TreeCurves
{
    private const int Named = 6;
    private const int MostOthers = 60;
    private const int RowsOfData = 20;

    private const string Seven = "DAA algorithms end up placing a substantial probability mass on some of the OOD trajectories during "
        + "training; "
        + "the probability of the preference pair falls (figure 7).";

    private const string Grid = "DPO, IPO and SLiC all move mass out of distribution; that of the pair can diminish substantially; the "
        + "mass "
        + "concentrates on a few OOD trajectories; trends are alike for all β (figures 9 to 17).";

    private const string Repeats = "Repetitions of one experiment differ: many solutions of the loss exist, each with another mass on OOD "
        + "trajectories (figure 18).";

    /// <summary>Figure 7: the losses side by side at one β.</summary>
    public static FigureBlock Losses(TreeView view, string policy, string id)
    {
        TreeRun[] runs = [.. view.Results.Settings.Losses.Select(loss => view.Run(policy, loss, view.Beta, view.Seed))];
        return Block(
            view, id, $"Figure 7. Trajectory probabilities during training ({policy}, {TreeView.BetaName(view.Beta)}, seed {view.Seed})",
            [.. runs.Select(run => TreeView.Name(run.Loss))], [(string.Empty, runs)], Seven);
    }

    /// <summary>Figures 9 to 17: loss by β.</summary>
    public static FigureBlock LossesByBeta(TreeView view) => Block(
        view, "figure9", $"Figures 9 to 17. Every loss and β ({view.Policy}, seed {view.Seed})",
        [.. view.Results.Settings.Betas.Select(TreeView.BetaName)],
        [
            .. view.Results.Settings.Losses.Select(loss => (
                TreeView.Name(loss), view.Results.Settings.Betas.Select(beta => view.Run(view.Policy, loss, beta, view.Seed)).ToArray())),
        ],
        Grid);

    /// <summary>Figure 18: repetitions of the first loss; null with one seed.</summary>
    public static FigureBlock? Repetitions(TreeView view)
    {
        string loss = view.Results.Settings.Losses[0];
        TreeRun[] runs =
        [
            .. view.Results.Runs.Where(run => run.Policy == view.Policy && run.Loss == loss && run.Beta == view.Beta
                && run.Seed != view.Seed)
                .Take(4),
        ];
        return runs.Length == 0 ? null : Block(
            view, "figure18",
            $"Figure 18. Repetitions of {TreeView.Name(loss)} with other initial weights ({view.Policy}, {TreeView.BetaName(view.Beta)})",
            [.. runs.Select(run => $"seed {run.Seed}")], [(string.Empty, runs)], Repeats);
    }

    private static FigureBlock Block(
        TreeView view, string id, string heading, IReadOnlyList<string> columns, IReadOnlyList<(string Name, TreeRun[] Runs)> rows,
            string paper)
    {
        TreeRun[] runs = [.. rows.SelectMany(row => row.Runs)];
        IReadOnlyList<int> named = view.Highest(runs, Named);
        string reading = Reading(view, runs);
        Figure figure = new()
        {
            Id = id,
            Title = heading,
            Description = reading,
            Columns = [.. columns.Select(column => new FigureColumn(column, view.StepAxis()))],
            Rows = [.. rows.SelectMany(row => new[] { Outside(view, row.Name, row.Runs, named), Pair(view, row.Name, row.Runs) })],
            Legend = Legend(view, named),
            PanelAspect = rows.Count > 1 ? 0.5 : 0.62,
        };
        return new FigureBlock(
            heading, figure,
            $"Above: the {Numbers.Count(view.Outside.Count)} out-of-distribution trajectories, the {Named} that end highest in colour. "
                + $"Below: the "
            + "trajectories of the preferences. Every step of every run is in trajectories.csv.",
            reading, paper, Table(view, runs, named));
    }

    private static FigureRow Outside(TreeView view, string name, TreeRun[] runs, IReadOnlyList<int> named) => new(
        Prefixed(name, "OOD"), new LinearAxis("probability", 0, 1),
        [
            .. runs.Select(run => new Panel(
            [
                .. view.Highest([run], MostOthers + Named).Except(named).Select(k => view.Line(Palette.Frame, run, k)),
                .. named.Select((k, place) => view.Line(Palette.Ramp(place, Named), run, k) with { Dash = TreeView.DashOf(place) }),
            ])),
        ]);

    private static FigureRow Pair(TreeView view, string name, TreeRun[] runs) => new(
        Prefixed(name, "pair"), new LinearAxis("probability", 0, 1),
        [
            .. runs.Select(
                run => new Panel(
                    [
                        .. view.Pairs.Select(
                            k => view.Line(view.InkOf(k), run, k) with
                            {
                                Dash = TreeView.DashOf(view.InkOf(k) == TreeView.RejectedInk ? 1 : 0),
                            }),
                    ])),
        ]);

    private static string Prefixed(string name, string part) => name.Length == 0 ? part : $"{name}: {part}";

    private static LegendEntry[] Legend(TreeView view, IReadOnlyList<int> named) =>
    [
        .. named.Select(
            (k, place) => new LegendEntry(
                view.Shape.Label(k), new LineMark(Palette.Ramp(place, Named), null, []) { Dash = TreeView.DashOf(place) })),
        new("other OOD", new LineMark(Palette.Frame, null, [])),
        new(Pairwise(view, view.Data.Preferences[0].Chosen, "chosen"), new LineMark(TreeView.ChosenInk, null, [])),
        new(
            Pairwise(view, view.Data.Preferences[0].Rejected, "rejected"),
            new LineMark(TreeView.RejectedInk, null, []) { Dash = TreeView.DashOf(1) }),
    ];

    private static string Pairwise(TreeView view, int trajectory, string role) =>
        view.Data.Preferences.Count == 1 ? $"{role} ({view.Shape.Label(trajectory)})" : role;

    private static string Reading(TreeView view, TreeRun[] runs)
    {
        TreeSummary[] ends = [.. runs.Select(run => TreeSummary.Of(run, view.Data))];
        int grown = ends.Count(end => end.End.OutOfDistribution > end.Start.OutOfDistribution);
        TreeSummary most = ends.MaxBy(end => end.End.OutOfDistribution)!;
        string top = most.TopTrajectory < 0 ? string.Empty
            : $", {Numbers.Fixed(most.TopProbability, 2)} of it on {view.Shape.Label(most.TopTrajectory)}";
        return $"The mass out of distribution grows in {grown} of {Quantity.Of(ends.Length, "run")}; it ends between "
            + $"{Numbers.Fixed(ends.Min(end => end.End.OutOfDistribution), 3)} and {Numbers.Fixed(most.End.OutOfDistribution, 3)} "
            + $"({TreeView.Name(most.Loss)}, {TreeView.BetaName(most.Beta)}, seed {most.Seed}{top}). The chosen trajectory ends below its "
            + $"probability after SFT in {ends.Count(end => end.End.Chosen < end.Start.Chosen)} of {ends.Length}.";
    }

    private static CsvTable Table(TreeView view, TreeRun[] runs, IReadOnlyList<int> named)
    {
        int[] columns = [.. view.Data.Demonstrations.Concat(view.Pairs).Distinct().Order().Take(MostOthers).Concat(named)];
        return new CsvTable(
            ["policy", "loss", "beta", "seed", "step", "OOD mass", .. columns.Select(view.Shape.Label)],
            [
                .. runs.SelectMany(run => view.Steps(RowsOfData).Select(step => (IReadOnlyList<object?>)
                [
                    run.Policy, run.Loss, run.Beta, (long)run.Seed, step, run.Mass(view.Outside, step),
                    .. columns.Select(k => (object?)(double)run.Probabilities[step][k]),
                ])),
            ]);
    }
}
