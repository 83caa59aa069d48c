using Goodhart.Evaluation.Fits;
using Goodhart.Evaluation.Statistics;
using Xunit;

namespace Goodhart.Evaluation.Tests.Fits;

public sealed class GaoLogitLawTests
{
    private static readonly GaoLogitLaw Law = new();
    private static readonly double[] Distances = [0.3, 0.6, 1, 1.4, 2, 2.7, 3.5, 5];

    private static double Logit(double rate) => Math.Log(rate / (1 - rate));

    [Theory]
    [InlineData("sft"), InlineData("free"), InlineData("none")]
    public void Rates_made_by_the_law_give_its_coefficients_back(string kind)
    {
        (Intercept intercept, double start) = kind switch
        {
            "sft" => ((Intercept)new SftIntercept(0.38), 0.38),
            "free" => (new FreeIntercept(), 0.38),
            _ => (new NoIntercept(), 0.5),
        };
        double[] rates = [.. Distances.Select(d => 1 / (1 + Math.Exp(-(Logit(start) + (d * (1.1 - (0.9 * Math.Log(d))))))))];

        LawFit fit = LawFit.Fit(Law, intercept, Distances, rates)!;

        double[] own = [.. fit.LawCoefficients];
        Assert.Equal(1.1, own[0], 8);
        Assert.Equal(0.9, own[1], 8);
        Assert.Equal(start, fit.InterceptValue, 8);
        Assert.Equal(start, fit.Value(0), 8);
        Assert.InRange(fit.Solution.Rmse, 0, 1e-9);
        double place = Math.Exp((1.1 / 0.9) - 1);
        Assert.Equal(place, fit.Peak!.Value.SqrtKl, 6);
        Assert.Equal(fit.Value(place), fit.PeakWinRate!.Value, 9);
    }

    [Fact]
    public void Rates_of_0_and_1_are_data_and_no_distance_leads_out_of_them()
    {
        double[] rates = [0.5, 0.8, 1, 0.9, 0.6, 0.2, 0, 0];

        LawFit fit = LawFit.Fit(Law, new SftIntercept(0.4), Distances, rates)!;
        LawFit printed = LawFit.Fit(new GaoLaw(), new SftIntercept(0.4), Distances, rates)!;

        Assert.All(Enumerable.Range(0, 200), k => Assert.InRange(fit.Value(k), 0, 1));
        Assert.InRange(printed.Value(8), double.NegativeInfinity, 0);   // what the other scale is for

        // The binomial likelihood is at its maximum where its score is zero: sum of x (y - p) for each column.
        double alpha = 0;
        double beta = 0;
        for (int i = 0; i < rates.Length; i++)
        {
            double error = rates[i] - fit.Value(Distances[i]);
            alpha += Distances[i] * error;
            beta -= Distances[i] * Math.Log(Distances[i]) * error;
        }

        Assert.Equal(0, alpha, 8);
        Assert.Equal(0, beta, 8);
    }

    [Fact]
    public void An_anchor_that_has_no_logit_gives_no_fit()
    {
        double[] rates = [0.5, 0.6, 0.7, 0.6, 0.5, 0.4, 0.3, 0.2];
        Assert.Null(LawFit.Fit(Law, new SftIntercept(0), Distances, rates));
        Assert.NotNull(LawFit.Fit(new GaoLaw(), new SftIntercept(0), Distances, rates));
    }

    [Theory]
    [InlineData(0, 0.2), InlineData(-0.5, 0.9), InlineData(1.2, 1)]
    public void Refits_agree_with_the_exact_regression(double anchor, double spread)
    {
        double[,] design = new double[Distances.Length, 2];
        double[] flat = new double[2 * Distances.Length];
        double[] shares = new double[Distances.Length];
        for (int i = 0; i < Distances.Length; i++)
        {
            (design[i, 0], design[i, 1]) = (Distances[i], -Distances[i] * Math.Log(Distances[i]));
            (flat[2 * i], flat[(2 * i) + 1]) = (design[i, 0], design[i, 1]);
            shares[i] = 0.5 + (0.5 * spread * Math.Sin(i));
        }

        double[] coefficients = new double[2];
        Assert.True(LogisticRefit.TrySolve(flat, shares, anchor, coefficients));
        double[] exact = LogisticRegression.Fit(design, shares, anchor)!.Coefficients;
        Assert.Equal(exact[0], coefficients[0], 7);
        Assert.Equal(exact[1], coefficients[1], 7);

        double[] separated = [.. Distances.Select(d => d < 2 ? 0.0 : 1)];
        double[] ones = [.. Distances.SelectMany(d => new[] { 1, d })];
        Assert.False(LogisticRefit.TrySolve(ones, separated, 0, coefficients));
    }

    [Fact]
    public void An_offset_is_a_column_whose_coefficient_is_one()
    {
        double[,] design = new double[Distances.Length, 2];
        for (int i = 0; i < Distances.Length; i++)
        {
            (design[i, 0], design[i, 1]) = (1, Distances[i]);
        }

        double[] shares = [0.5, 0.6, 0.7, 0.6, 0.5, 0.4, 0.3, 0.2];
        LogisticFit plain = LogisticRegression.Fit(design, shares)!;
        LogisticFit moved = LogisticRegression.Fit(design, shares, 0.7)!;

        Assert.Equal(plain.Coefficients[0] - 0.7, moved.Coefficients[0], 9);
        Assert.Equal(plain.Coefficients[1], moved.Coefficients[1], 9);
        Assert.Equal(2, plain.Leverages.Sum(), 9);   // the trace of a projection on two columns
    }
}
