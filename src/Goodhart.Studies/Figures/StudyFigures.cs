using Goodhart.Evaluation.Alarms;
using Goodhart.Evaluation.Points;
using Goodhart.Evaluation.Theory.SoftQ;
using Goodhart.Report.Html;
using Goodhart.Steps.Measuring;
using Goodhart.Studies.Results;
using Goodhart.Studies.Trees;
using Goodhart.Studies.Wording;

namespace Goodhart.Studies.Figures;

/// <summary>The paper's figures that a study's results can draw, in the paper's order.</summary>
public static class StudyFigures
{
    public static IReadOnlyList<FigureBlock> Build(StudyResults results)
    {
        FigureChapters chapters = Chapters(results);
        return
        [
            .. chapters.Main, .. chapters.Remedies, .. chapters.Fits, .. chapters.Length, .. chapters.Metrics, .. chapters.Likelihoods,
            .. chapters.Forecasts, .. chapters.Alarm, .. chapters.Theory, .. chapters.Tree,
        ];
    }

    /// <summary>
    /// The figures by the chapter of the report that shows them; <see cref="FigureChapters.Tree"/>'s are rendered by that chapter.
    /// </summary>
    internal static FigureChapters Chapters(StudyResults results) =>
        Chapters(results.WithoutRemedies(), [.. RemedyFrontierFigure.Build(results), .. RemediesFigure.Build(results)]);

    private static FigureChapters Chapters(StudyResults results, IReadOnlyList<FigureBlock> remedies) =>
        new StudyOrder(results).Losses.Count == 0
        ? new FigureChapters([], [], [], [], [], [], [], [], [], Tree(results))
        : new FigureChapters(
            [
                .. Known(JudgedPoints.Any(results) ? WinRateAgainstKl.Build(results) : null),
                .. TrainingDynamics.Build(results),
                .. Known(EqualKlFigure.Build(results)),
                .. RlhfFigure.Build(results),
            ],
            remedies,
            [.. Known(LawScalesFigure.Build(results))],
            [.. LengthRegularisationFigure.Build(results), .. Known(LengthExtrapolation.Build(results))],
            [.. RewardMetrics.Build(results)],
            [.. ForwardKlFigure.Build(results), .. LikelihoodDynamics.Build(results)],
            [.. Known(BackTestFigure.Build(results.Forecasts)), .. Known(ForecastFigure.Build(results))],
            StudyAlarm.Of(results.Points) is { } alarm ? [RunAlarmFigure.Build(results, alarm)] : [],
            [.. Bootstrapped(results)],
            Tree(results));

    private static IReadOnlyList<FigureBlock> Tree(StudyResults results) => results.Tree is null ? [] : TreeChapter.Figures(results.Tree);

    private static IEnumerable<FigureBlock> Bootstrapped(StudyResults results)
    {
        Dictionary<CheckpointKey, CheckpointPoint> points = results.Points.Where(p => p.BestOf is null).ToDictionary(CheckpointKey.Of);
        List<(CheckpointPoint Point, BootstrappedShares Shares)> known = results.Bootstrapped.Where(
            b => points.TryGetValue(b.Checkpoint, out CheckpointPoint? p) && p.WinRate is not null && !RlhfMethods.Contains(p.Loss))
            .Select(b => (Point: points[b.Checkpoint], b.Shares)).ToList();
        List<string> models = new StudyOrder(results).Models.Reverse().ToList();
        string? largest = models.FirstOrDefault();
        foreach (string model in models)
        {
            (string Id, string Seen, Func<BootstrappedShares, BootstrappedShare> Share)[] senses =
            [
                ("bootstrap-prefix", "its prefix in the training pairs", s => s.AtPrefix),
                ("bootstrap-recent", "the same last tokens in the training pairs", s => s.AfterRecent),
            ];
            // To the letter once, at the largest size: there it holds the language's own entropy, and says little of the policy.
            foreach ((string? id, string? seen, Func<BootstrappedShares, BootstrappedShare>? share)
                in model == largest ? senses : senses[1..])
            {
                BootstrappedPoint[] own =
                [
                    .. known.Where(k => k.Point.Model == model).Select(k => new BootstrappedPoint(k.Point, share(k.Shares))),
                ];
                if (own.Any(p => p.Point.Loss.Length > 0 && p.Share.UnseenShare is not null))
                {
                    yield return BootstrappedShareFigure.Build(results, own, model, seen, $"{id}-{ClaimTables.Anchor(model)}");
                }
            }
        }
    }

    private static IEnumerable<FigureBlock> Known(FigureBlock? figure) => figure is null ? [] : [figure];
}

/// <param name="Tree">Drawn by <see cref="TreeChapter"/>; their files are written all the same.</param>
internal sealed record FigureChapters(
    IReadOnlyList<FigureBlock> Main,
    IReadOnlyList<FigureBlock> Remedies,
    IReadOnlyList<FigureBlock> Fits,
    IReadOnlyList<FigureBlock> Length,
    IReadOnlyList<FigureBlock> Metrics,
    IReadOnlyList<FigureBlock> Likelihoods,
    IReadOnlyList<FigureBlock> Forecasts,
    IReadOnlyList<FigureBlock> Alarm,
    IReadOnlyList<FigureBlock> Theory,
    IReadOnlyList<FigureBlock> Tree);
