using Goodhart.Report.Axes;
using Goodhart.Report.Charts;
using Goodhart.Report.Html;
using Goodhart.Report.Text;

namespace Goodhart.Studies.Trees;

/// <summary>Figure 6 with the run in it: the tree at the start, the middle and the end, each edge as wide as its probability.</summary>
internal static class TreeDrawing
{
    private const string Paper = "Figure 6 shows the tree alone: three actions in every state, each to a state of its own, the leaves to "
        + "s∞.";

    /// <summary>Trees with more leaves cannot be read at this size.</summary>
    private const int MostLeaves = 81;

    private const int MostNames = 30;

    public static FigureBlock? Build(TreeView view)
    {
        if (view.Shape.Trajectories > MostLeaves)
        {
            return null;
        }

        TreeRun run = view.Run(view.Policy, view.Results.Settings.Losses[0], view.Beta, view.Seed);
        int[] steps = [.. new[] { 0, view.Results.Settings.Steps / 2, view.Results.Settings.Steps }.Distinct()];
        string name = $"{view.Policy}, {TreeView.Name(run.Loss)}, {TreeView.BetaName(run.Beta)}, seed {run.Seed}";
        string reading = Reading(view, run, steps);
        Figure figure = new()
        {
            Id = "figure6",
            Title = "The tree MDP and the probability of each edge",
            Description = reading,
            Columns =
            [
                .. steps.Select(step => new FigureColumn(
                    step == 0 ? "after SFT" : $"step {Numbers.Count(step)}", new BlankAxis(-0.12, view.Shape.Depth + 1.4))),
            ],
            Rows =
            [
                new FigureRow(string.Empty, new BlankAxis(-0.8, view.Shape.Trajectories - 0.2),
                    [.. steps.Select(step => Draw(view, run, step))]),
            ],
            Legend =
            [
                new("chosen", new TreeMark(TreeView.ChosenInk, [], [])), new("rejected", new TreeMark(TreeView.RejectedInk, [], [])),
                new("other demonstration", new TreeMark(TreeView.DemonstrationInk, [], [])),
                new("out of distribution", new TreeMark(TreeView.OutsideInk, [], [])), new("shared", new TreeMark(Palette.Muted, [], [])),
            ],
            PanelAspect = 1.05,
        };
        return new FigureBlock(
            $"Figure 6. The tree, before, during and after alignment ({name})", figure,
            "Every path from s1 to the right is a trajectory; the edge into a state is as wide as the probability of passing it. Leaves "
                + "with "
            + "at least 0.01 carry their probability.",
            reading, Paper,
            new CsvTable(
                ["trajectory", "actions", .. steps.Select(step => $"step {step}")],
                [
                    .. Enumerable.Range(0, view.Shape.Trajectories).Select(k => (IReadOnlyList<object?>)
                        [view.Shape.Path(k), view.Shape.Label(k), .. steps.Select(step => (object?)(double)run.Probabilities[step][k])]),
                ]));
    }

    private static string Reading(TreeView view, TreeRun run, int[] steps) =>
        "Mass out of distribution: "
        + string.Join(", ", steps.Select(step => $"{Numbers.Fixed(run.Mass(view.Outside, step), 3)} at step {Numbers.Count(step)}")) + ".";

    private static Panel Draw(TreeView view, TreeRun run, int step)
    {
        IReadOnlyList<float> probabilities = run.Probabilities[step];
        int n = view.Shape.Trajectories;
        Dictionary<Ink, List<TreeEdge>> edges = [];
        Dictionary<Ink, List<TreeNode>> leaves = [];
        List<TreeNode> states = [];
        int state = 1;
        for (int level = 0, width = n; level <= view.Shape.Depth; level++, width /= view.Shape.Branching)
        {
            // A node of this level is a block of neighbouring trajectories; its parent is the block around it.
            for (int first = 0; first < n; first += width)
            {
                int[] below = [.. Enumerable.Range(first, width)];
                Ink[] inks = [.. below.Select(view.InkOf).Distinct()];
                Ink ink = inks.Length == 1 ? inks[0] : Palette.Muted;
                double weight = Math.Min(1, below.Sum(k => (double)probabilities[k]));
                double y = Height(n, first, width);
                if (level > 0)
                {
                    int around = width * view.Shape.Branching;
                    Of(edges, ink).Add(new TreeEdge(
                        level - 1, Height(n, first / around * around, around), level, y, weight, $"{Numbers.Fixed(weight, 4)}"));
                }

                if (level < view.Shape.Depth)
                {
                    states.Add(new TreeNode(level, y, $"s{Numbers.Count(state++)}"));
                }
                else if (probabilities[first] >= 0.01 || ink != TreeView.OutsideInk || n <= MostNames)
                {
                    string value = probabilities[first] >= 0.01 ? "  " + Numbers.Fixed(probabilities[first], 2) : string.Empty;
                    Of(leaves, ink).Add(new TreeNode(level + 0.06, y, view.Shape.Label(first) + value, AtEnd: true));
                }
            }
        }

        return new Panel(
        [
            .. edges.Keys.OrderBy(ink => ink == TreeView.OutsideInk ? 0 : 1).Select(ink => new TreeMark(ink, edges[ink], [])),
            // Names are text: the colours of the edges are too pale for letters.
            .. leaves.Keys.Select(ink => new TreeMark(ink == TreeView.OutsideInk ? Palette.Muted : Palette.Text, [], leaves[ink])),
            new TreeMark(Palette.Text, [], n <= MostNames ? states : []),
        ]);
    }

    private static double Height(int n, int first, int width) => n - 1 - (first + ((width - 1) / 2.0));

    private static List<T> Of<T>(Dictionary<Ink, List<T>> groups, Ink ink)
    {
        if (!groups.TryGetValue(ink, out List<T>? list))
        {
            groups.Add(ink, list = []);
        }

        return list;
    }
}
