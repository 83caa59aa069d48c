using Goodhart.Evaluation.Alarms;
using Goodhart.Evaluation.Points;
using Xunit;

namespace Goodhart.Evaluation.Tests.Alarms;

public sealed class IndicatorTests
{
    private static readonly CheckpointPoint Start = new()
    {
        Loss = "",
        Model = "M",
        Kl = 0,
        Length = 20,
        EosRate = 0.9,
        Repetition = 0.1,
        LogProbChosen = -30,
        LogProbRejected = -32,
        LogProbData = -25,
        Entropy = 1.5,
        UnseenShare = 0.02,
        TopMass = 0.8,
        HiddenSimilarity = -0.4,
        ProxyReward = 0.2,
    };

    private static readonly CheckpointPoint First = Start with { Loss = "dpo", Step = 100, Kl = 1 };

    private static readonly CheckpointPoint Second = First with
    {
        Step = 150,
        Kl = 6.25,
        Length = 30,
        EosRate = 0.7,
        Repetition = 0.3,
        LogProbChosen = -36,
        LogProbRejected = -42,
        LogProbData = -29,
        Entropy = 1.1,
        UnseenShare = 0.08,
        TopMass = 0.9,
        MarginSpread = 8,
        Accuracy = 0.7,
        LengthR2 = 0.4,
        ForwardKlSampled = 2.75,
        HiddenSimilarity = -0.1,
        ProxyReward = 1.4,
        KlK1 = 6,
    };

    // By hand. √KL went from 1 to 2.5 in 50 updates, and 0 to 2.5 in 150: (1.5/50)/(2.5/150) − 1 = 0.8.
    [Theory]
    [InlineData("sqrtKl", 2.5)]
    [InlineData("klAcceleration", 0.8)]
    [InlineData("klAsymmetry", -3.5 / 9)]
    [InlineData("entropyChange", -0.4)]
    [InlineData("topMassChange", 0.1)]
    [InlineData("unseenGrowth", 1.3862943611198906)]
    [InlineData("lengthGrowth", 0.4054651081081644)]
    [InlineData("eosChange", -0.2)]
    [InlineData("repetitionChange", 0.2)]
    [InlineData("chesChange", 0.75)]
    [InlineData("explicitPerImplicit", 0.2)]
    [InlineData("marginMean", 4)]
    [InlineData("marginSpread", 8)]
    [InlineData("marginSignal", 0.5)]
    [InlineData("marginPerKl", 1.6)]
    [InlineData("accuracy", 0.7)]
    [InlineData("chosenFall", 6)]
    [InlineData("rejectedFall", 10)]
    [InlineData("dataFall", 4)]
    [InlineData("lengthR2", 0.4)]
    public void Each_is_what_its_formula_says(string name, double expected)
    {
        int place = Indicators.All.Select(indicator => indicator.Name).ToList().IndexOf(name);
        Assert.Equal(expected, Indicators.Read(CheckpointTrail.Of(Start, [First, Second])[1])[place]!.Value, 12);
    }

    [Theory]
    [InlineData(0.009, false)]
    [InlineData(0.011, true)]
    public void Nothing_is_divided_by_a_KL_that_is_noise(double kl, bool told)
    {
        int place = Indicators.PlaceOf("explicitPerImplicit");
        Assert.Equal(told, Indicators.Read(CheckpointTrail.Of(Start, [Second with { KlK1 = kl }])[0])[place] is not null);
    }

    [Fact]
    public void What_was_not_measured_or_is_not_defined_is_missing()
    {
        CheckpointPoint bare = new() { Loss = "dpo", Model = "M", Kl = 2, Step = 10 };
        double?[] values = Indicators.Read(CheckpointTrail.Of(new CheckpointPoint { Loss = "", Model = "M", Kl = 0 }, [bare])[0]);
        Assert.Equal(
            ["sqrtKl", "klAcceleration"], Indicators.All.Where((_, i) => values[i] is not null).Select(indicator => indicator.Name));
        Assert.Equal(0, values[1]!.Value, 12);   // the first checkpoint is as fast as the run so far

        double?[] still = Indicators.Read(CheckpointTrail.Of(Start, [Start with { Loss = "dpo", MarginSpread = 0, ForwardKlSampled = 0 }])[0]);
        Assert.All(
            Indicators.All.Zip(still).Where(pair => pair.First.Name is "klAcceleration" or "klAsymmetry" or "marginSignal" or "marginPerKl"),
            pair => Assert.Null(pair.Second));
    }
}
