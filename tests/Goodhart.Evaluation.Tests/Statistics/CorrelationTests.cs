using System.Text.Json;
using Goodhart.Evaluation.Statistics;
using Xunit;
using static Goodhart.Evaluation.Tests.GoldenStatistics;

namespace Goodhart.Evaluation.Tests.Statistics;

public sealed class CorrelationTests
{
    [Fact]
    public void Agrees_with_the_reference()
    {
        foreach (JsonElement c in Cases("correlations.json", "cases"))
        {
            (double[] x, double[] y) = (c.Doubles("x"), c.Doubles("y"));
            Correlation pearson = Correlation.Pearson(x, y)!.Value;
            Close(c.Double("pearson_r"), pearson.Value, c.Name() + " r");

            // Near |r| = 1 the p value is set by the last bits of r: 1e-24 in the reference may be 0 or 1e-16 here.
            double noise = Math.Abs(pearson.Value) > 1 - 1e-12 ? 1e-15 : 0;
            Close(c.Double("pearson_p"), pearson.P, c.Name() + " p", absolute: noise);
            Correlation spearman = Correlation.Spearman(x, y)!.Value;
            Close(c.Double("spearman_rho"), spearman.Value, c.Name() + " rho");
            noise = Math.Abs(spearman.Value) > 1 - 1e-12 ? 1e-15 : 0;
            Close(c.Double("spearman_p"), spearman.P, c.Name() + " rho p", absolute: noise);
            Close(c.Double("kendall_tau_b"), Correlation.Kendall(x, y)!.Value.Value, c.Name() + " tau");
            Assert.Equal(c.Doubles("ranks_x"), Ranks.Average(x));
            Assert.Equal(c.Doubles("ranks_y"), Ranks.Average(y));
        }
    }

    [Fact]
    public void Kendalls_variance_is_that_over_all_pairings()
    {
        double[] x = [1, 1, 2, 3, 4, 4];
        double[] y = [1, 2, 2, 2, 3, 5];
        double[] taus = [.. Permutations(y).Select(p => Correlation.Kendall(x, p)!.Value.Value)];
        double deviation = Math.Sqrt(taus.Sum(t => t * t) / taus.Length);   // the mean is zero

        Correlation tau = Correlation.Kendall(x, y)!.Value;
        Close(StandardNormal.TwoSidedP(tau.Value / deviation), tau.P, "p");
    }

    [Fact]
    public void A_constant_sample_has_no_correlation()
    {
        Assert.Null(Correlation.Pearson([1, 1, 1], [1, 2, 3]));
        Assert.Null(Correlation.Pearson([0.6, 0.6, 0.6], [1, 2, 3]));   // their mean is not 0.6 in binary
        Assert.Null(Correlation.Spearman([1, 2, 3], [2, 2, 2]));
        Assert.Null(Correlation.Kendall([1, 2, 3], [2, 2, 2]));
    }

    private static IEnumerable<double[]> Permutations(double[] values)
    {
        if (values.Length <= 1)
        {
            return [values];
        }

        return Enumerable.Range(0, values.Length).SelectMany(i =>
            Permutations([.. values[..i], .. values[(i + 1)..]]).Select(rest => (double[])[values[i], .. rest]));
    }
}
