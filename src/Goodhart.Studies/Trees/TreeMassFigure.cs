using Goodhart.Report.Axes;
using Goodhart.Report.Charts;
using Goodhart.Report.Html;
using Goodhart.Report.Text;

namespace Goodhart.Studies.Trees;

/// <summary>All the mass out of distribution against the step: every policy, loss and β, with every seed.</summary>
internal static class TreeMassFigure
{
    private const string Paper = "The plots are noisy between repetitions and consistent over β; the sum over OOD trajectories is not "
        + "drawn.";
    private const int RowsOfData = 20;

    public static FigureBlock Build(TreeView view)
    {
        TreeSettings settings = view.Results.Settings;
        string reading = Reading(view);
        Figure figure = new()
        {
            Id = "tree-mass",
            Title = "Total out-of-distribution mass during alignment",
            Description = reading,
            Columns = [.. settings.Betas.Select(beta => new FigureColumn(TreeView.BetaName(beta), view.StepAxis()))],
            Rows =
            [
                .. settings.Losses.Select(loss => new FigureRow(
                    TreeView.Name(loss), new LinearAxis("OOD mass", 0, 1), [.. settings.Betas.Select(beta => Panel(view, loss, beta))])),
            ],
            Legend =
            [
                .. settings.Policies.Select((policy, place) =>
                    new LegendEntry(
                        $"{policy}, mean over seeds", new LineMark(Palette.Series(place), null, []) { Dash = TreeView.DashOf(place) })),
                .. settings.Seeds > 1 ? [new LegendEntry("smallest to largest seed", new BandMark(Palette.Muted, []))]
                    : Array.Empty<LegendEntry>(),
            ],
            PanelAspect = 0.6,
        };
        return new FigureBlock(
            "Total out-of-distribution mass, by loss, β and policy", figure,
            "The recurrent policy shares its weights between trajectories; the tabular one, a softmax with a logit for each, shares "
                + "nothing.",
            reading, Paper,
            new CsvTable(
                ["policy", "loss", "beta", "seed", "step", "OOD mass"],
                [
                    .. view.Results.Runs.SelectMany(run => view.Steps(RowsOfData).Select(step => (IReadOnlyList<object?>)
                        [run.Policy, run.Loss, run.Beta, (long)run.Seed, step, run.Mass(view.Outside, step)])),
                ]));
    }

    private static Panel Panel(TreeView view, string loss, double beta)
    {
        IReadOnlyList<int> steps = view.Steps();
        List<Mark> marks = [];
        List<Mark> lines = [];
        foreach ((string policy, int place) in view.Results.Settings.Policies.Select((policy, place) => (policy, place)))
        {
            TreeRun[] runs = [.. view.Results.Runs.Where(run => run.Policy == policy && run.Loss == loss && run.Beta == beta)];
            double[][] masses = [.. runs.Select(run => steps.Select(step => run.Mass(view.Outside, step)).ToArray())];
            marks.Add(new BandMark(
                Palette.Series(place), [.. steps.Select((step, i) => new ChartSpan(step, masses.Min(m => m[i]), masses.Max(m => m[i])))]));
            lines.Add(new LineMark(Palette.Series(place), null,
                [.. steps.Select((step, i) => new ChartPoint(step, masses.Average(m => m[i])))])
            { Dash = TreeView.DashOf(place) });
        }

        return new Panel([.. marks, .. lines]);
    }

    private static string Reading(TreeView view) => string.Join(" ", view.Results.Runs.GroupBy(run => run.Policy).Select(policy =>
        $"{policy.Key}: mean {Numbers.Fixed(policy.Average(run => run.Mass(view.Outside, 0)), 3)} after SFT, "
        + $"{Numbers.Fixed(policy.Average(run => run.Mass(view.Outside, run.Probabilities.Count - 1)), 3)} at the end."));
}
