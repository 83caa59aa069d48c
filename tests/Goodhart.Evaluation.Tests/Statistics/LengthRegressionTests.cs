using System.Text.Json;
using Goodhart.Evaluation.Statistics;
using Xunit;
using static Goodhart.Evaluation.Tests.GoldenStatistics;

namespace Goodhart.Evaluation.Tests.Statistics;

public sealed class LengthRegressionTests
{
    [Fact]
    public void Through_the_origin_with_both_conventions_of_r_squared()
    {
        foreach (JsonElement c in Cases("length_regression.json", "cases"))
        {
            JsonElement expected = c.GetProperty("no_intercept");
            LeastSquaresFit fit = LengthRegression.ThroughOrigin(c.Doubles("length"), c.Doubles("logratio"))!;
            Close(expected.Double("gamma"), fit.Coefficients[0], c.Name() + " gamma");
            Close(expected.Double("rss"), fit.Rss, c.Name() + " rss");
            Close(expected.DoubleOrNull("r2_uncentered"), fit.RSquaredUncentred, c.Name() + " uncentred");
            Close(expected.DoubleOrNull("r2_centered_about_mean"), fit.RSquaredCentred, c.Name() + " centred");
            Close(expected.DoubleOrNull("standard_error"), fit.StandardError(0), c.Name() + " se");
            Close(expected.Double("residual_mean"), fit.Residuals.Average(), c.Name() + " residual mean");
        }
    }

    [Fact]
    public void With_an_intercept()
    {
        foreach (JsonElement c in Cases("length_regression.json", "cases"))
        {
            LeastSquaresFit? fit = LengthRegression.WithIntercept(c.Doubles("length"), c.Doubles("logratio"));
            if (!c.TryGetProperty("with_intercept", out JsonElement expected))
            {
                Assert.Null(fit);   // all lengths equal
                continue;
            }

            Close(expected.Double("intercept"), fit!.Coefficients[0], c.Name() + " intercept");
            Close(expected.Double("slope"), fit.Coefficients[1], c.Name() + " slope");
            Close(expected.DoubleOrNull("se_intercept"), fit.StandardError(0), c.Name() + " se intercept");
            Close(expected.DoubleOrNull("se_slope"), fit.StandardError(1), c.Name() + " se slope");
            Close(expected.DoubleOrNull("r2"), fit.RSquaredCentred, c.Name() + " r2");
            if (expected.Double("rss") > 1e-20)   // an exact line: rounding noise over rounding noise
            {
                Close(expected.DoubleOrNull("p_slope"), fit.P(1), c.Name() + " p", relative: 1e-7, absolute: 0);
            }
        }
    }
}
