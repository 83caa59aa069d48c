using System.Text.Json;
using Goodhart.Evaluation.Fits;
using Goodhart.Evaluation.Statistics;
using Xunit;
using static Goodhart.Evaluation.Tests.GoldenStatistics;

namespace Goodhart.Evaluation.Tests.Fits;

public sealed class LawFitTests
{
    private static readonly (string Name, ScalingLaw Law, Intercept Intercept)[] Forms =
    [
        ("eq5_no_intercept", new GaoLaw(), new NoIntercept()),
        ("eq5_intercept", new GaoLaw(), new FreeIntercept()),
        ("quadratic_in_kl", new QuadraticKlLaw(), new FreeIntercept()),
        ("quadratic_in_kl_no_intercept", new QuadraticKlLaw(), new NoIntercept()),
        ("quadratic_in_d", new QuadraticSqrtKlLaw(), new FreeIntercept()),
        ("quadratic_in_d_no_intercept", new QuadraticSqrtKlLaw(), new NoIntercept()),
    ];

    public static TheoryData<string> DataSets => [.. Cases("scaling_fits.json", "datasets").Select(d => d.Name())];

    [Theory]
    [MemberData(nameof(DataSets))]
    public void Coefficients_errors_and_measures_agree_with_the_reference(string dataSet)
    {
        JsonElement data = Cases("scaling_fits.json", "datasets").Single(d => d.Name() == dataSet);
        foreach ((string name, ScalingLaw law, Intercept intercept) in Forms)
        {
            JsonElement expected = data.GetProperty("fits").GetProperty(name);
            LawFit fit = LawFit.Fit(law, intercept, data.Doubles("d"), data.Doubles("y"))!;
            string what = $"{dataSet} {name}";
            Each(expected.Doubles("coefficients"), i => fit.Coefficients[i].Value, what + " coefficient");
            if (expected.Double("rss") > 1e-20)   // otherwise everything else is rounding noise
            {
                LeastSquaresFit regression = LeastSquares.Fit(LawRegression.Design(law, intercept, data.Doubles("d")), data.Doubles("y"))!;
                Measures(expected, fit, regression, what);
            }
        }
    }

    [Fact]
    public void Peaks_agree_with_the_reference()
    {
        foreach (JsonElement data in Cases("scaling_fits.json", "datasets"))
        {
            foreach ((string name, ScalingLaw law, Intercept intercept) in Forms)
            {
                JsonElement expected = data.GetProperty("fits").GetProperty(name);
                LawFit fit = LawFit.Fit(law, intercept, data.Doubles("d"), data.Doubles("y"))!;
                LawPeak peak = fit.Peak!.Value;
                double height = fit.InterceptValue + peak.Rise;
                Close(fit.Value(peak.SqrtKl), height, name + " height");
                if (expected.DoubleOrNull("argmax_d") is { } place)
                {
                    Close(place, peak.SqrtKl, name + " place");
                    Close(expected.Double("peak_value"), height, name + " height");
                }
                else if ((expected.DoubleOrNull("vertex_d") ?? Root(expected.DoubleOrNull("vertex_kl"))) is { } vertex)
                {
                    Close(vertex, peak.SqrtKl, name + " vertex");
                }
            }
        }
    }

    [Theory]
    [MemberData(nameof(DataSets))]
    public void Leave_one_out_is_what_leaving_one_out_gives(string dataSet)
    {
        JsonElement data = Cases("scaling_fits.json", "datasets").Single(d => d.Name() == dataSet);
        (double[] d, double[] y) = (data.Doubles("d"), data.Doubles("y"));
        foreach ((string name, ScalingLaw law, Intercept intercept) in Forms.Append(("sft", new GaoLaw(), new SftIntercept(0.4))))
        {
            double sum = 0;
            for (int i = 0; i < d.Length; i++)
            {
                LawFit without = LawFit.Fit(law, intercept, [.. d[..i], .. d[(i + 1)..]], [.. y[..i], .. y[(i + 1)..]])!;
                sum += Math.Pow(y[i] - without.Value(d[i]), 2);
            }

            Close(Math.Sqrt(sum / d.Length), LawFit.Fit(law, intercept, d, y)!.Solution.RmseLeaveOneOut, name, relative: 1e-7);
        }
    }

    [Fact]
    public void The_sft_intercept_is_the_fit_without_intercept_of_the_gain()
    {
        double[] d = [0.5, 1, 1.5, 2, 3];
        double[] y = [0.5, 0.55, 0.56, 0.5, 0.4];
        LawFit fit = LawFit.Fit(new GaoLaw(), new SftIntercept(0.38), d, y)!;
        LawFit gain = LawFit.Fit(new GaoLaw(), new NoIntercept(), d, [.. y.Select(w => w - 0.38)])!;
        Assert.Equal(gain.Solution.Coefficients, fit.Solution.Coefficients);
        Assert.Equal(0.38, fit.Value(0), 15);
        Assert.Equal(["alpha", "beta"], fit.Coefficients.Select(c => c.Name));
    }

    [Theory]
    [InlineData(0.2, -0.1), InlineData(1e5, 1e-5), InlineData(-1e5, 1e-5)]   // β ≤ 0; a peak beyond all numbers; one at zero
    public void A_law_without_a_maximum_has_no_peak(double alpha, double beta)
    {
        Assert.Null(new GaoLaw().Peak([alpha, beta]));
        Assert.Null(new QuadraticKlLaw().Peak([1, 0.1]));
        Assert.Null(new QuadraticSqrtKlLaw().Peak([-1, -0.1]));
    }

    [Fact]
    public void Too_few_or_identical_points_give_no_fit()
    {
        Assert.Null(LawFit.Fit(new GaoLaw(), new NoIntercept(), [1], [0.5]));
        Assert.Null(LawFit.Fit(new GaoLaw(), new NoIntercept(), [2, 2, 2], [0.5, 0.4, 0.6]));
        Assert.Null(LawFit.Fit(new QuadraticKlLaw(), new NoIntercept(), [0, 0, 0], [0.5, 0.4, 0.6]));
    }

    private static double? Root(double? value) => value is { } number ? Math.Sqrt(number) : null;

    private static void Measures(JsonElement expected, LawFit fit, LeastSquaresFit regression, string what)
    {
        Each(expected.Doubles("standard_errors"), i => fit.Coefficients[i].StandardError!.Value, what + " se");
        Each(expected.Doubles("p_values"), i => regression.P(i)!.Value, what + " p", 1e-8);

        // An end near zero is a difference of larger numbers, and the reference's t quantile has nine digits: compare on the
        // coefficient's scale.
        double scale = expected.Doubles("standard_errors").Max();
        Each(expected.Doubles("ci95_low"), i => regression.Interval(i)!.Value.Low, what + " low", absolute: 1e-8 * scale);
        Each(expected.Doubles("ci95_high"), i => regression.Interval(i)!.Value.High, what + " high", absolute: 1e-8 * scale);
        Each(expected.Doubles("fitted"), i => fit.Solution.Fitted[i], what + " fitted");
        JsonElement[] covariance = [.. expected.GetProperty("covariance").EnumerateArray()];
        for (int i = 0; i < covariance.Length; i++)
        {
            double[] row = [.. covariance[i].EnumerateArray().Select(v => v.GetDouble())];
            Each(row, j => regression.Covariance(i, j)!.Value, what + " covariance");
        }

        Close(expected.Double("rss"), regression.Rss, what + " rss");
        Close(expected.Double("rmse_n"), fit.Solution.Rmse, what + " rmse");
        Close(expected.Double("rmse_dof"), Math.Sqrt(regression.ResidualVariance!.Value), what + " residual deviation");
        Close(expected.Double("r2_centered"), regression.RSquaredCentred, what + " centred R²");
        Close(expected.Double("r2_uncentered"), regression.RSquaredUncentred, what + " uncentred R²");
        Close(expected.Double("aic_gaussian"), regression.Aic, what + " AIC");
        Close(expected.Double("bic_gaussian"), regression.Bic, what + " BIC");
    }

    private static void Each(double[] expected, Func<int, double> actual, string what, double relative = 1e-9, double absolute = 1e-12)
    {
        for (int i = 0; i < expected.Length; i++)
        {
            Close(expected[i], actual(i), $"{what} {i}", relative, absolute);
        }
    }
}
