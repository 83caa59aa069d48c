using Goodhart.Evaluation.Fits;
using Goodhart.Report.Charts;
using Goodhart.Report.Html;
using Goodhart.Studies.Figures;
using Goodhart.Studies.Results;
using Xunit;

namespace Goodhart.Studies.Tests.Figures;

public class LawCurveTests
{
    [Fact]
    public void Curves_miss_the_reference_points_by_the_reference_rmse()
    {
        Assert.Equal(81, GridStudy.Results.Fits.Count);
        foreach (ScalingLawFit fit in GridStudy.Results.Fits)
        {
            List<double> misses = GridStudy.Results.Points.Where(p => $"{p.Loss}/{p.Model}" == fit.Group)
                .Select(p => Math.Pow(p.WinRate!.Value - LawCurve.At(fit, p.SqrtKl), 2)).ToList();

            Assert.Equal(35, misses.Count);
            Assert.Equal(fit.Rmse, Math.Sqrt(misses.Average()), 5e-6 + (fit.Rmse * 1e-3));
        }
    }

    [Fact]
    public void Figure_1_draws_each_group_from_its_sft_model_to_its_largest_kl()
    {
        StudyResults results = GridStudy.Results;
        Figure figure = StudyFigures.Build(results)[0].Figure;
        List<DottedCurve> curves = figure.Rows[1].Panels[0].Marks.OfType<DottedCurve>().ToList();

        string[] models = ["S", "M", "L"];
        Assert.Equal(models.Length, curves.Count);
        for (int k = 0; k < models.Length; k++)
        {
            Assert.Equal(0, curves[k].Points[0].X);
            Assert.Equal(results.Points.Single(p => p.Model == models[k] && p.Loss.Length == 0).WinRate!.Value, curves[k].Points[0].Y, 6);
            Assert.Equal(results.Points.Where(p => p.Model == models[k] && p.Loss == "dpo").Max(p => p.SqrtKl), curves[k].Points[^1].X, 9);
        }
    }

    [Fact]
    public void Fits_of_final_checkpoints_serve_the_top_row()
    {
        ScalingLawFit all = GridStudy.Results.Fits.First(f => f is { Group: "dpo/M", Law: "gao", Intercept: "sft" });
        ScalingLawFit final = all with { Group = "dpo/M/final", InterceptValue = 0.123 };

        FigureBlock figure = StudyFigures.Build(GridStudy.Results with { Fits = [all, final] })[0];

        Assert.Equal(0.123, Assert.Single(figure.Figure.Rows[0].Panels[0].Marks.OfType<DottedCurve>()).Points[0].Y);
        Assert.Equal(all.InterceptValue, Assert.Single(figure.Figure.Rows[1].Panels[0].Marks.OfType<DottedCurve>()).Points[0].Y);
    }

    [Fact]
    public void An_unknown_law_is_refused_by_name()
    {
        ScalingLawFit fit = GridStudy.Results.Fits[0] with { Law = "cubic" };

        Assert.Contains("'cubic'", Assert.Throws<ArgumentException>(() => LawCurve.At(fit, 1)).Message, StringComparison.Ordinal);
    }
}
