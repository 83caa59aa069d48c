using Goodhart.Engine.Randomness;
using Goodhart.Evaluation.Statistics;
using Xunit;

namespace Goodhart.Evaluation.Tests.Statistics;

public sealed class LogisticRegressionTests
{
    [Fact]   // with one column of ones the maximum is the logit of the mean, and its robust error that of a mean over p(1 − p)
    public void An_intercept_alone_is_the_logit_of_the_mean()
    {
        double[] shares = [1, 1, 1, 0, 0.5, 1, 0, 1];
        double mean = shares.Average();
        LogisticFit fit = LogisticRegression.Fit(Ones(shares.Length), shares)!;
        Assert.Equal(Math.Log(mean / (1 - mean)), fit.Coefficients[0], 9);
        Assert.Equal(MeanEstimate.Of(shares).StandardError!.Value / (mean * (1 - mean)), fit.StandardError(0), 9);
    }

    [Fact]   // two groups saturate the model: intercept and slope are the groups' logits
    public void Two_groups_give_their_own_logits()
    {
        double[] x = [-1, -1, -1, -1, 1, 1, 1, 1, 1];
        double[] y = [1, 0, 0, 0, 1, 1, 1, 0, 0];
        LogisticFit fit = LogisticRegression.Fit(WithOnes(x), y)!;
        double low = Math.Log(0.25 / 0.75);
        double high = Math.Log(0.6 / 0.4);
        Assert.Equal((low + high) / 2, fit.Coefficients[0], 9);
        Assert.Equal((high - low) / 2, fit.Coefficients[1], 9);
    }

    [Fact]
    public void Separated_and_dependent_columns_have_no_maximum()
    {
        Assert.Null(LogisticRegression.Fit(WithOnes([-2, -1, 1, 2]), [0, 0, 1, 1]));          // complete separation
        Assert.Null(LogisticRegression.Fit(WithOnes([-1, -1, 0, 0, 1, 1]), [0, 0, 0, 1, 1, 1]));   // quasi-complete
        Assert.Null(LogisticRegression.Fit(WithOnes([1, 1, 1, 1]), [0, 1, 1, 0]));            // the column of ones again
        Assert.Null(LogisticRegression.Fit(Ones(4), [1, 1, 1, 1]));
        Assert.Throws<ArgumentException>(() => LogisticRegression.Fit(Ones(2), [0, 1.5]));
    }

    [Fact]
    public void Robust_errors_cover_as_often_as_they_say()
    {
        int covered = 0;
        for (uint repeat = 0; repeat < 300; repeat++)
        {
            RandomStream random = new(3, "logistic", repeat);
            double[] x = [.. Enumerable.Range(0, 200).Select(_ => random.NextNormal())];

            // Means of two flips: shares, whose variance is half that of a flip.
            double[] y =
            [
                .. x.Select(v => Enumerable.Range(0, 2).Average(_ => random.NextDouble() < LogisticRegression.Sigmoid(0.3 + v) ? 1.0 : 0)),
            ];
            LogisticFit fit = LogisticRegression.Fit(WithOnes(x), y)!;
            covered += Math.Abs(fit.Coefficients[1] - 1) < 1.96 * fit.StandardError(1) ? 1 : 0;
        }

        Assert.InRange(covered, 274, 296);   // binomial(300, 0.95): outside has probability 0.005
    }

    private static double[,] Ones(int n) => WithOnes(new double[n], 1);

    private static double[,] WithOnes(double[] x, int columns = 2)
    {
        double[,] design = new double[x.Length, columns];
        for (int i = 0; i < x.Length; i++)
        {
            design[i, 0] = 1;
            if (columns > 1)
            {
                design[i, 1] = x[i];
            }
        }

        return design;
    }
}
