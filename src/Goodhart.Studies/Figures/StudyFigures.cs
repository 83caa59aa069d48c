using Goodhart.Report.Html;
using Goodhart.Studies.Results;

namespace Goodhart.Studies.Figures;

/// <summary>The paper's figures that a study's results can draw, in the paper's order.</summary>
public static class StudyFigures
{
    public static IReadOnlyList<FigureBlock> Build(StudyResults results) =>
        new StudyOrder(results).Losses.Count == 0
            ? []
            : [.. JudgedPoints.Any(results) ? [WinRateAgainstKl.Build(results)] : (FigureBlock[])[], .. TrainingDynamics.Build(results)];
}
