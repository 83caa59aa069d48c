using System.Text.Json;
using Goodhart.Evaluation.Statistics;
using MathNet.Numerics;
using Xunit;
using static Goodhart.Evaluation.Tests.GoldenStatistics;

namespace Goodhart.Evaluation.Tests.Statistics;

public sealed class DistributionTests
{
    private const string File = "distributions.json";

    [Fact]
    public void Student_t_cdf_and_tail() => Assert.All(Cases(File, "t_cdf"), c =>
    {
        (double t, double dof) = (c.Double("t"), c.Double("dof"));
        Close(c.Double("cdf"), StudentsT.Cdf(t, dof), $"cdf({t}, {dof})", absolute: 0);
        Close(c.Double("two_sided_p"), StudentsT.TwoSidedP(t, dof), $"p({t}, {dof})", absolute: 0);
    });

    [Fact]   // 1e-8: scipy 1.10's own quantile at (0.95, 30) is off by 4.6e-9, see the next test
    public void Student_t_quantile() => Assert.All(Cases(File, "t_ppf"), c =>
        Close(c.Double("q"), StudentsT.Quantile(c.Double("p"), c.Double("dof")), $"t quantile {c}", relative: 1e-8));

    [Theory]   // by the finite series for even degrees of freedom (Abramowitz and Stegun 26.7.4)
    [InlineData(0.95, 30), InlineData(0.995, 10), InlineData(0.975, 2)]
    public void Student_t_quantile_inverts_the_closed_form(double p, int dof)
    {
        double t = StudentsT.Quantile(p, dof);
        double cosineSquared = dof / (dof + (t * t));
        double term = 1;
        double sum = 1;
        for (int k = 1; k < dof / 2; k++)
        {
            term *= ((2 * k) - 1.0) / (2 * k) * cosineSquared;
            sum += term;
        }

        Assert.Equal((2 * p) - 1, t / Math.Sqrt(dof + (t * t)) * sum, 13);
    }

    [Fact]
    public void Normal_cdf_keeps_its_relative_precision_in_the_tail() => Assert.All(Cases(File, "normal_cdf"), c =>
        Close(c.Double("cdf"), StandardNormal.Cdf(c.Double("x")), $"{c}", absolute: 0));

    [Fact]
    public void Normal_quantile() => Assert.All(Cases(File, "normal_ppf"), c =>
        Close(c.Double("q"), StandardNormal.Quantile(c.Double("p")), $"{c}"));

    [Fact]   // everything above rests on these two of MathNet's
    public void Incomplete_beta_and_erf()
    {
        Assert.All(Cases(File, "betainc"), c =>
            Close(c.Double("value"), SpecialFunctions.BetaRegularized(c.Double("a"), c.Double("b"), c.Double("x")), $"{c}"));
        Assert.All(Cases(File, "erf"), c => Close(c.Double("erf"), SpecialFunctions.Erf(c.Double("x")), $"{c}"));
    }

    [Fact]
    public void Best_of_n()
    {
        foreach (JsonElement c in Cases("best_of_n.json", "cases"))
        {
            Close(c.Double("kl_upper_bound"), BestOfN.Kl(c.GetProperty("n").GetInt32()), $"{c}");
        }
    }

    [Theory]
    [InlineData(0), InlineData(1), InlineData(-0.1), InlineData(double.NaN)]
    public void A_quantile_of_no_probability_is_refused(double p) =>
        Assert.Throws<ArgumentOutOfRangeException>(() => StudentsT.Quantile(p, 5));
}
