using System.Xml.Linq;
using Goodhart.Evaluation.Claims;
using Goodhart.Report.Html;
using Goodhart.Report.Text;
using Goodhart.Studies.Wording;

namespace Goodhart.Studies.Trees;

/// <summary>report.html of the tree study.</summary>
internal static class TreePage
{
    public static string Render(TreeReport report, IReadOnlyList<FigureBlock> figures)
    {
        TreeSettings settings = report.Results.Settings;
        List<Section> sections =
        [
            new("setting", "The experiment", [.. TreeChapter.Setting(report.Results)]),
            new("summary", "Summary", [Verdicts(report.Claims), TreeTables.Summary(report.Summaries),
                TreeTables.Runs(report.Summaries, report.Results.Shape()), .. TreeTables.Optima(report.Results)]),
            new("figures", "Figures", [.. figures.Select(figure => figure.Render())]),
            new("claims", "Claims", [.. ClaimTables.Kinds(report.Claims)]),
        ];
        if (report.Results.Variants.Count > 0)
        {
            sections.Add(new("sensitivity", "Sensitivity to what the paper does not say",
            [
                Html.Paragraph($"{TreeView.BetaName(report.Results.MiddleBeta())}; each row changes one thing of the first row's "
                    + $"settings: hidden width "
                    + $"{Numbers.Count(settings.Hidden)}, learning rate {Numbers.Setting(settings.LearningRate)}, SFT learning rate "
                    + $"{Numbers.Setting(settings.SftLearningRate)}, SFT until {Numbers.Setting(settings.SftMass)}."),
                TreeTables.Sensitivity(report.Results.Variants),
            ]));
        }

        return new HtmlDocument("Goodhart: where the probability mass goes", Header(report), sections).Render();
    }

    private static XElement[] Header(TreeReport report)
    {
        TreeSettings settings = report.Results.Settings;
        return
        [
            Html.Element("p", "lead",
                "The paper's tree MDP (section 4, appendix E): what direct alignment does to responses that no data mention."),
            Html.Facts(
            [
                ("Grid", $"losses {string.Join(", ", settings.Losses.Select(TreeView.Name))}; β "
                    + $"{string.Join(", ", settings.Betas.Select(b => Numbers.Setting(b)))}; "
                    + $"policies {string.Join(", ", settings.Policies)}; {Words.Count(settings.Seeds, "seed")}: "
                    + $"{Words.Count(report.Summaries.Count, "run")}"),
                ("Tree", $"depth {Numbers.Count(settings.Depth)}, {Numbers.Count(settings.Branching)} actions, "
                    + $"{Numbers.Count(report.Results.Shape().Trajectories)} trajectories"),
                ("Version", $"Goodhart {report.Version}"),
            ]),
        ];
    }

    private static XElement Verdicts(IReadOnlyList<Claim> claims)
    {
        string[] groups = [.. claims.Select(Group).Distinct()];
        return new HtmlTable(
            "Verdicts by policy and loss; the rule of each is stated in the claims",
            [TableColumn.Phrase("Claim"), .. groups.Select(TableColumn.Text)],
            [
                .. claims.GroupBy(claim => claim.Id.Split('/')[0]).Select(kind => new TableRow(
                [
                    Html.Link("#claim-" + kind.Key, kind.Key),
                    .. groups.Select(group => kind.FirstOrDefault(claim => Group(claim) == group) is { } claim
                        ? VerdictMark.Render(claim.Verdict) : null),
                ])),
            ]).Render();
    }

    private static string Group(Claim claim) => claim.Id[(claim.Id.IndexOf('/', StringComparison.Ordinal) + 1)..];
}
