using System.Xml.Linq;
using Goodhart.Report.Html;
using Goodhart.Report.Text;
using Goodhart.Studies.Wording;
using Goodhart.Text;

namespace Goodhart.Studies.Trees;

/// <summary>The tree study as a chapter: the same figures and tables in its own report and in a study's.</summary>
public static class TreeChapter
{
    /// <summary>Figures 6, 7, 9 to 17 and 18, and the total mass; their files go into figures/.</summary>
    public static IReadOnlyList<FigureBlock> Figures(TreeResults results)
    {
        TreeView view = new(results);
        FigureBlock?[] figures =
        [
            TreeDrawing.Build(view),
            TreeCurves.Losses(view, view.Policy, "figure7"),
            .. results.Settings.Policies.Skip(1).Select(policy => TreeCurves.Losses(view, policy, "figure7-" + policy)),
            TreeMassFigure.Build(view),
            TreeCurves.LossesByBeta(view),
            TreeCurves.Repetitions(view),
        ];
        return [.. figures.OfType<FigureBlock>()];
    }

    /// <summary>One section, "tree", with everything; ids begin with tree-, claim-tree- or are those of <see cref="Figures"/>.</summary>
    public static IReadOnlyList<Section> Sections(TreeResults results)
    {
        TreeReport report = TreeReport.Of(results, version: string.Empty);
        return
        [
            new Section(
                "tree", "Where the probability mass goes: the tree MDP",
                [
                    .. Setting(results), .. Figures(results).Select(figure => figure.Render()), .. Tables(report),
                    .. ClaimTables.Kinds(report.Claims),
                ]),
        ];
    }

    internal static IEnumerable<XElement> Tables(TreeReport report)
    {
        yield return TreeTables.Summary(report.Summaries);
        yield return TreeTables.Runs(report.Summaries, report.Results.Shape());
        foreach (XElement optima in TreeTables.Optima(report.Results))
        {
            yield return optima;
        }

        if (report.Results.Variants.Count > 0)
        {
            yield return TreeTables.Sensitivity(report.Results.Variants);
        }
    }

    /// <summary>The experiment in two paragraphs, with the numbers the paper leaves open.</summary>
    internal static IEnumerable<XElement> Setting(TreeResults results)
    {
        TreeSettings settings = results.Settings;
        TreeData data = results.Data();
        yield return Html.Paragraph(
            $"A tree of {Numbers.Count(data.Shape.Trajectories)} trajectories stands for all responses to one prompt. A policy learns "
            + $"{Numbers.Count(data.Demonstrations.Count)} demonstrations ({Some(data.Shape, data.Demonstrations)}), then is aligned with "
            + $"{Numbers.Count(data.Preferences.Count)} preference{(data.Preferences.Count == 1 ? string.Empty : "s")} "
            + $"({data.Shape.Label(data.Preferences[0].Chosen)} over {data.Shape.Label(data.Preferences[0].Rejected)}"
            + $"{(data.Preferences.Count == 1 ? string.Empty : ", ...")}). The "
            + $"{Numbers.Count(data.OutOfDistribution().Count)} trajectories in neither are out of distribution (OOD). Every probability "
            + $"is exact, "
            + "by enumeration.");
        yield return Html.Paragraph(
            $"The paper gives no sizes or rates; these are ours: hidden width {Numbers.Count(settings.Hidden)}, weights uniform in "
                + $"±1/√width, full-batch "
            + $"Adam, SFT at rate {Numbers.Setting(settings.SftLearningRate)} until the demonstrations have "
            + $"{Numbers.Setting(settings.SftMass)} together "
            + $"(at most {Numbers.Count(settings.SftSteps)} updates), alignment at rate {Numbers.Setting(settings.LearningRate)} for "
            + $"{Numbers.Count(settings.Steps)} updates. {Reached(results, data)}");
    }

    private static string Reached(TreeResults results, TreeData data)
    {
        TreeReference[] unlearnt = [.. results.References.Where(reference =>
            reference.DemonstrationMass(data) < results.Settings.SftMass - 1e-4)];
        string models = Quantity.Of(results.References.Count, "model");
        return unlearnt.Length == 0
            ? $"SFT reached that in all {models}, after "
                + $"{Numbers.Count(results.References.Min(r => r.Steps))} to {Numbers.Count(results.References.Max(r => r.Steps))} updates."
            : $"SFT did not reach that in {Numbers.Count(unlearnt.Length)} of {models}: "
                + string.Join(", ", unlearnt.Take(5)
                    .Select(r => $"{r.Policy} seed {r.Seed} stopped at {Numbers.Fixed(r.DemonstrationMass(data), 3)}"))
                + ". Raise --sft-steps or --hidden.";
    }

    private static string Some(TreeShape shape, IReadOnlyList<int> trajectories) =>
        string.Join("; ", trajectories.Take(3).Select(shape.Label)) + (trajectories.Count > 3 ? "; ..." : string.Empty);
}
