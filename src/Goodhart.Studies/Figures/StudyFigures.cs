using Goodhart.Report.Html;
using Goodhart.Studies.Results;

namespace Goodhart.Studies.Figures;

/// <summary>The paper's figures that a study's results can draw, in the paper's order.</summary>
public static class StudyFigures
{
    public static IReadOnlyList<FigureBlock> Build(StudyResults results) =>
        new StudyOrder(results).Losses.Count == 0 ? [] :
        [
            .. Known(WinRateAgainstKl.Build(results)),
            .. TrainingDynamics.Build(results),
            .. Known(EqualKlFigure.Build(results)),
            .. RlhfFigure.Build(results),
            .. Known(LengthExtrapolation.Build(results)),
            .. RewardMetrics.Build(results),
            .. ForwardKlFigure.Build(results),
            .. LikelihoodDynamics.Build(results),
        ];

    private static IEnumerable<FigureBlock> Known(FigureBlock? figure) => figure is null ? [] : [figure];
}
