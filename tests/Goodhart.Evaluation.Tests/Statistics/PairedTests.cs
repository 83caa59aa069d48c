using Goodhart.Engine.Randomness;
using Goodhart.Evaluation.Statistics;
using Xunit;

namespace Goodhart.Evaluation.Tests.Statistics;

public sealed class PairedTests
{
    [Fact]   // Student's sleep data (1908), extra hours under two drugs: t = 4.0621 on 9 degrees of freedom, p = 0.002833
    public void Paired_t_on_the_sleep_data()
    {
        double[] second = [1.9, 0.8, 1.1, 0.1, -0.1, 4.4, 5.5, 1.6, 4.6, 3.4];
        double[] first = [0.7, -1.6, -0.2, -1.2, -0.1, 3.4, 3.7, 0.8, 0.0, 2.0];
        PairedDifference test = PairedDifference.Between(second, first);
        Assert.Equal(1.58, test.Mean, 12);
        Assert.Equal(4.0621, test.T, 4);
        Assert.Equal(0.002833, test.P, 6);
        ConfidenceInterval interval = test.Interval();
        Assert.Equal((0.7001142, 2.4598858), (Math.Round(interval.Low, 7), Math.Round(interval.High, 7)));

        SignTest sign = SignTest.Between(second, first);
        Assert.Equal((9, 0, 1), (sign.Larger, sign.Smaller, sign.Ties));
        Assert.Equal(2 * Math.Pow(0.5, 9), sign.P, 15);
    }

    [Fact]
    public void Equal_samples_differ_by_nothing_and_a_constant_shift_is_certain()
    {
        Assert.Equal(1, PairedDifference.Between([1, 2, 3], [1, 2, 3]).P);
        Assert.Equal(0, PairedDifference.Between([2, 3, 4], [1, 2, 3]).P);
        Assert.Equal(1, SignTest.Between([1, 2], [1, 2]).P);
    }

    [Fact]
    public void Unequal_lengths_and_single_pairs_are_refused()
    {
        Assert.Throws<ArgumentException>(() => PairedDifference.Between([1, 2], [1]));
        Assert.Throws<ArgumentException>(() => PairedDifference.Between([1], [1]));
    }

    [Fact]
    public void Samples_of_one_prompt_are_one_value()
    {
        // Two samples each: copies of one another add nothing, so the error is that of three prompts.
        MeanEstimate clustered = MeanEstimate.OverPrompts([1, 1, 2, 2, 6, 6], samplesPerPrompt: 2);
        Assert.Equal(MeanEstimate.Of([1, 2, 6]), clustered);
        Assert.Equal(3, clustered.Mean, 12);
        Assert.Equal(Math.Sqrt(7.0 / 3), clustered.StandardError!.Value, 12);
        Assert.Null(MeanEstimate.Of([4]).StandardError);
    }

    [Fact]
    public void Bootstrap_of_a_mean_agrees_with_the_t_interval_and_repeats_exactly()
    {
        RandomStream random = new(3, "test", 0);
        double[] x = [.. Enumerable.Range(0, 400).Select(_ => random.NextNormal() + 0.3)];
        double[] zero = new double[400];
        ConfidenceInterval bootstrap = Bootstrap.PairedMeanDifference(x, zero, seed: 1);
        ConfidenceInterval exact = PairedDifference.Of(x).Interval();
        Assert.Equal(exact.Low, bootstrap.Low, 0.01);
        Assert.Equal(exact.High, bootstrap.High, 0.01);
        Assert.Equal(bootstrap, Bootstrap.PairedMeanDifference(x, zero, seed: 1));
        Assert.NotEqual(bootstrap, Bootstrap.PairedMeanDifference(x, zero, seed: 2));
    }

    [Fact]
    public void Percentiles_interpolate_and_keep_infinity()
    {
        Assert.Equal(1.75, Percentiles.Quantile([1, 2, 3, 4], 0.25), 12);
        ConfidenceInterval interval = Percentiles.Interval([1, double.PositiveInfinity, 2, double.PositiveInfinity], 0.5);
        Assert.Equal((1.75, double.PositiveInfinity), (interval.Low, interval.High));
    }

    [Fact]
    public void Bonferroni_multiplies_and_stops_at_one() =>
        Assert.Equal((0.06, 1.0), (MultipleComparisons.Bonferroni(0.02, 3), MultipleComparisons.Bonferroni(0.5, 3)));
}
