using System.Text.Json;
using Goodhart.Models.Averaging;
using Goodhart.Testing;
using Xunit;

namespace Goodhart.Models.Tests.Averaging;

public sealed class AverageWeightsTests
{
    [Fact]
    public void Interpolations_agree() => Assert.All(
        Cases("wise_ft"),
        c => Agree(
            c.GetProperty("result").Doubles(),
            new Interpolation { Alpha = c.GetProperty("alpha").GetDouble() },
            [c.GetProperty("sft").Doubles(), c.GetProperty("aligned").Doubles()]));

    [Fact]
    public void Uniform_soups_agree() => Assert.All(
        Cases("uniform_soup"), c => Agree(c.GetProperty("result").Doubles(), new UniformWeights(), Checkpoints(c)));

    [Fact]
    public void Moving_averages_agree_after_every_checkpoint() => Assert.All(Cases("ema"), c =>
    {
        MovingAverage average = new() { Decay = c.GetProperty("decay").GetDouble() };
        JsonElement[] trace = [.. c.GetProperty("trace").EnumerateArray()];
        for (int count = 1; count <= trace.Length; count++)
        {
            Agree(trace[count - 1].GetProperty("ema").Doubles(), average, Checkpoints(c)[..count]);
        }
    });

    [Fact]
    public void What_cannot_be_averaged_like_this_is_refused()
    {
        Refused("an interpolation is between 2 models, found 3", () => new Interpolation { Alpha = 0.5 }.Of(3));
        Refused("expected the interpolation's alpha in [0, 1], found 1.5.", () => new Interpolation { Alpha = 1.5 });
        Refused("expected the moving average's decay in [0, 1), found 1.", () => new MovingAverage { Decay = 1 });
        Refused("expected a weight for each of 3 models, found 2.", () => new GivenWeights([0.5, 0.5]).Of(3));
        Refused("expected weights that add up to 1, found 0.9.", () => new GivenWeights([0.5, 0.4]).Of(2));
        Assert.Equal([0.1, 0.2, 0.7], new GivenWeights([0.1, 0.2, 0.7]).Of(3));

        static void Refused(string message, Func<object> make) =>
            Assert.StartsWith(message, Assert.Throws<ArgumentException>(make).Message, StringComparison.Ordinal);
    }

    private static void Agree(double[] expected, AverageWeights rule, double[][] models)
    {
        double[] weights = rule.Of(models.Length);
        Assert.Equal(1, weights.Sum(), 1e-14);
        for (int i = 0; i < expected.Length; i++)
        {
            double scale = models.Max(model => Math.Abs(model[i]));
            Assert.Equal(expected[i], models.Zip(weights, (model, weight) => weight * model[i]).Sum(), 1e-14 * (1 + scale));
        }
    }

    private static JsonElement[] Cases(string name) => [.. Golden.Json("remedies", "averaging.json").GetProperty(name).EnumerateArray()];

    private static double[][] Checkpoints(JsonElement c) =>
        [.. c.GetProperty("checkpoints").EnumerateArray().Select(model => model.Doubles())];
}
