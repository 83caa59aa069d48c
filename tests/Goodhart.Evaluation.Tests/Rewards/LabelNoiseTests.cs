using System.Text.Json;
using Goodhart.Engine.Randomness;
using Goodhart.Evaluation.Rewards;
using Goodhart.Testing;
using Xunit;

namespace Goodhart.Evaluation.Tests.Rewards;

public sealed class LabelNoiseTests
{
    [Fact]
    public void The_maximum_agrees_to_the_last_digits()
    {
        JsonElement[] cases = [.. Golden.Json("remedies", "label_noise.json").GetProperty("cases").EnumerateArray()];
        Assert.True(cases.Length >= 8);
        Assert.All(cases, c =>
        {
            LabelNoise noise = LabelNoise.Of(c.GetProperty("margins").Doubles());
            Close(c.GetProperty("rate").GetDouble(), noise.Rate);
            Close(c.GetProperty("scale").GetDouble(), noise.Scale);
            if (noise.IsDetermined)
            {
                Close(c.GetProperty("standard_error").GetDouble(), noise.StandardError!.Value);
            }

            Assert.Equal(
                noise.IsDetermined, 2 * (c.GetProperty("log_likelihood").GetDouble() + (noise.Pairs * Math.Log(2))) > 6);
        });
    }

    /// <summary>The error is what repeated drawing shows, and holds the truth as often as it says.</summary>
    [Theory]
    [InlineData(0.1, 1)]
    [InlineData(0.25, 1)]
    [InlineData(0.25, 100)]
    public void A_known_rate_is_found_within_its_error(double rate, double unit)
    {
        const int Draws = 40;
        LabelNoise[] found = [.. Enumerable.Range(0, Draws).Select(draw => LabelNoise.Of(Margins(800, rate, unit, (ulong)draw)))];
        Assert.All(found, noise => Assert.True(noise.IsDetermined));
        double mean = found.Average(noise => noise.Rate);
        double spread = Math.Sqrt(found.Sum(noise => Math.Pow(noise.Rate - mean, 2)) / (Draws - 1));
        double error = found.Average(noise => noise.StandardError!.Value);
        Assert.InRange(error / spread, 0.7, 1.4);
        Assert.InRange(Math.Abs(mean - rate), 0, 4 * spread / Math.Sqrt(Draws));
        Assert.True(found.Count(noise => Math.Abs(noise.Rate - rate) <= 2 * noise.StandardError) >= 0.85 * Draws);
    }

    [Fact]
    public void Margins_that_say_nothing_leave_the_loss_as_it_is()
    {
        RandomStream random = new(5, "coins", 0);
        LabelNoise coins = LabelNoise.Of([.. Enumerable.Range(0, 500).Select(_ => random.NextDouble() - 0.5)]);
        Assert.Equal((false, 0.0), (coins.IsDetermined, coins.Used));
        Assert.Null(coins.StandardError);
        LabelNoise none = LabelNoise.Of([0, 0, 0]);
        Assert.Equal((false, 0.0, 3), (none.IsDetermined, none.Used, none.Pairs));
        LabelNoise against = LabelNoise.Of([.. Enumerable.Range(0, 100).Select(_ => -1 - random.NextDouble())]);
        Assert.False(against.IsDetermined);
    }

    [Fact]
    public void Labels_that_are_all_right_are_no_noise_and_most_of_it_is_not_used()
    {
        LabelNoise right = LabelNoise.Of([.. Enumerable.Range(1, 100).Select(i => (double)i)]);
        Assert.Equal((true, 0.0), (right.IsDetermined, right.Rate));
        Assert.Equal(0.45, (right with { Rate = 0.48 }).Used);
    }

    [Fact]
    public void What_is_no_margin_is_refused()
    {
        Assert.Contains("found none", Assert.Throws<ArgumentException>(() => LabelNoise.Of([])).Message, StringComparison.Ordinal);
        Assert.Contains(
            "found NaN of pair 1", Assert.Throws<ArgumentException>(() => LabelNoise.Of([1, double.NaN])).Message,
            StringComparison.Ordinal);
    }

    /// <summary>Differences of rewards of deviation 3, labelled by them with noise.</summary>
    private static double[] Margins(int pairs, double rate, double unit, ulong seed)
    {
        RandomStream random = new(seed, "noisy labels", 0);
        return
        [
            .. Enumerable.Range(0, pairs).Select(_ =>
            {
                double margin = 3 * random.NextNormal();
                double preferred = rate + ((1 - (2 * rate)) / (1 + Math.Exp(-margin)));
                return unit * (random.NextDouble() < preferred ? margin : -margin);
            }),
        ];
    }

    private static void Close(double expected, double actual) => Assert.True(
        Math.Abs(actual - expected) <= Math.Max(1e-10 * Math.Abs(expected), 1e-12), $"expected {expected:R}, got {actual:R}");
}
