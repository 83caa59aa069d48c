using Goodhart.Evaluation.Claims;
using Goodhart.Report.Html;
using Goodhart.Steps.Publishing;

namespace Goodhart.Studies.Trees;

/// <summary>The tree study's results with what follows from them, and the folder they are written to.</summary>
/// <param name="Version">Of the program.</param>
public sealed record TreeReport(
    TreeResults Results, string Version, IReadOnlyList<TreeSummary> Summaries, IReadOnlyList<Claim> Claims)
{
    public static TreeReport Of(TreeResults results, string version)
    {
        TreeData data = results.Data();
        TreeSummary[] summaries = [.. results.Runs.Select(run => TreeSummary.Of(run, data))];
        return new TreeReport(results, version, summaries, TreeClaims.Decide(results, summaries));
    }

    /// <summary>Writes report.html, results.json, trajectories.csv and figures/*.svg and *.csv; each file appears whole, the page
    /// last.</summary>
    public void Write(string directory)
    {
        IReadOnlyList<FigureBlock> figures = TreeChapter.Figures(Results);
        string page = TreePage.Render(this, figures);
        TreeSummaryFile.Write(this, Path.Combine(directory, "results.json"));
        TreeCurvesFile.Write(Results, Path.Combine(directory, "trajectories.csv"));
        PageFolder.Write(directory, page, figures);
    }
}
