using Goodhart.Report.Html;
using Goodhart.Steps.Publishing;
using Goodhart.Studies.Figures;
using Goodhart.Studies.Results;

namespace Goodhart.Studies.Reporting;

/// <summary>Writes a study's report: one self-contained page, its data, and each figure as a file with the numbers behind it.</summary>
/// <remarks>A pure function of the results: no clock, no machine, so the same results give the same bytes.</remarks>
public static class StudyReport
{
    /// <summary>Writes report.html, results.json, figures/*.svg and figures/*.csv; each file appears whole, the page last.</summary>
    /// <exception cref="ArgumentException">The results hold a number that is not finite.</exception>
    public static void Write(StudyResults results, string directory)
    {
        IReadOnlyList<FigureBlock> figures = StudyFigures.Build(results);
        string page = Render(results);
        Directory.CreateDirectory(directory);
        StudyResultsFile.Write(results, Path.Combine(directory, "results.json"));
        PageFolder.Write(directory, page, figures);
    }

    /// <summary>The page as text.</summary>
    public static string Render(StudyResults results) => Page(results, StudyFigures.Chapters(results));

    private static string Page(StudyResults all, FigureChapters figures)
    {
        StudyResults results = all.WithoutRemedies();
        FigureBlock? first = figures.Main.FirstOrDefault(figure => figure.Figure.Id == WinRateAgainstKl.Id);
        Section?[] chapters =
        [
            FiguresSection.Build([.. figures.Main.Where(figure => figure != first)]),
            RemediesSection.Build(all, figures.Remedies),
            FitsSection.Build(results, figures.Fits),
            LengthSection.Build(results, figures.Length),
            MetricsSection.Build(results, figures.Metrics),
            LikelihoodSection.Build(results, figures.Likelihoods),
            ForecastSection.Build(results, figures.Forecasts),
            AlarmSection.Build(results, figures.Alarm),
            .. TheorySection.Build(results, figures.Theory),
            ClaimsSection.Build(results),
            BinsSection.Build(results),
            SamplesSection.Build(all),
            ModelsSection.Build(results),
            RunsSection.Build(all),
            CostSection.Build(results),
            NotRunSection.Build(results),
        ];
        HashSet<string> anchors = [.. chapters.OfType<Section>().Select(chapter => chapter.Id)];
        return new HtmlDocument($"Goodhart study: {results.Study.Name}", TitleBlock.Build(results),
            [SummarySection.Build(results, all, first, anchors), .. chapters.OfType<Section>()]).Render();
    }
}
