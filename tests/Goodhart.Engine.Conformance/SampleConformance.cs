using Goodhart.Engine.Randomness;
using Xunit;

namespace Goodhart.Engine.Conformance;

public abstract class SampleConformance(DeviceKind device)
{
    private static readonly ulong Key = Philox.Key(7, "test");

    [Theory]
    [InlineData(1, 5, 1, 1.0)]
    [InlineData(200, 16, 190, 1.0)]
    [InlineData(200, 16, 31, 0.5)]
    [InlineData(60, 8, 2500, 1.7)]
    public void TokensAndLogProbsAgree(int rows, int width, int vocabulary, double temperature)
    {
        foreach (Twins twins in Twins.Each(device))
        {
            using (twins)
            {
                Twin hidden = twins.Random(rows, width, pad: 1);
                Twin w = twins.Random(vocabulary, width);
                Twin streams = twins.Ints(3, [.. Enumerable.Range(0, rows).SelectMany(i => new[] { i % 4, i % 3, i })]);
                Twin tokens = twins.Ints(1, new int[rows]);
                Twin logProb = twins.Random(rows, 1);
                twins.Run((ops, on) => ops.Sample(on(hidden), on(w), temperature, Key, on(streams), on(tokens), on(logProb)));
                twins.Agree(logProb, 2e-6);
                twins.Agree(tokens, 0);
            }
        }
    }

    /// <summary>Frequencies of 30 000 draws from known probabilities: a chi-squared with 3 degrees of freedom.</summary>
    [Fact]
    public void FrequenciesAreTheProbabilities()
    {
        const int Draws = 30_000;
        double[] probabilities = [0.5, 0.3, 0.15, 0.05];
        using Twins twins = new(device, device.Best, 1);
        Twin hidden = twins.Floats(Draws, 1, (_, _) => 1);
        Twin w = twins.Floats(4, 1, (v, _) => (float)Math.Log(probabilities[v]));
        Twin streams = twins.Ints(3, [.. Enumerable.Range(0, Draws).SelectMany(i => new[] { i % 10, i / 10 % 10, i / 100 })]);
        Twin tokens = twins.Ints(1, new int[Draws]);
        Twin logProb = twins.Random(Draws, 1);
        twins.RunFast((ops, on) => ops.Sample(on(hidden), on(w), 1, Key, on(streams), on(tokens), on(logProb)));
        int[] drawn = twins.IntValues(tokens);
        double chiSquared = probabilities
            .Select((p, v) => Math.Pow(drawn.Count(token => token == v) - (p * Draws), 2) / (p * Draws))
            .Sum();
        Assert.InRange(chiSquared, 0, 16.3);
    }

    [Fact]
    public void ATokenOfProbabilityZeroIsNeverDrawn()
    {
        using Twins twins = new(device, device.Best, 1);
        const int Rows = 500;
        Twin hidden = twins.Floats(Rows, 1, (_, _) => 1);
        Twin w = twins.Floats(9, 1, (v, _) => v == 4 ? 0 : -1e30f);
        Twin streams = twins.Ints(3, [.. Enumerable.Range(0, Rows).SelectMany(i => new[] { 0, 0, i })]);
        Twin tokens = twins.Ints(1, new int[Rows]);
        Twin logProb = twins.Random(Rows, 1);
        twins.RunFast((ops, on) => ops.Sample(on(hidden), on(w), 1, Key, on(streams), on(tokens), on(logProb)));
        Assert.All(twins.IntValues(tokens), token => Assert.Equal(4, token));
        Assert.All(twins.Values(logProb), value => Assert.Equal(0, value));
    }

    [Fact]
    public void ADrawDependsOnItsAddressAlone()
    {
        using Twins twins = new(device, device.Best, 2);
        const int Rows = 120;
        Twin hidden = twins.Random(Rows, 8);
        Twin w = twins.Random(190, 8);
        Twin streams = twins.Ints(3, [.. Enumerable.Range(0, Rows).SelectMany(i => new[] { 3, 1, i })]);
        Twin tokens = twins.Ints(1, new int[Rows]);
        Twin logProb = twins.Random(Rows, 1);
        twins.RunFast((ops, on) => ops.Sample(on(hidden), on(w), 1, Key, on(streams), on(tokens), on(logProb)));
        int[] together = twins.IntValues(tokens);
        for (int i = 0; i < Rows; i++)
        {
            int row = i;
            twins.RunFast((ops, on) =>
            {
                Mat One(Twin twin) => on(twin).RowRange(row, 1);
                ops.Sample(One(hidden), on(w), 1, Key, One(streams), One(tokens), One(logProb));
            });
        }

        Assert.Equal(together, twins.IntValues(tokens));
        Assert.True(together.Distinct().Count() > 20, "Draws of different items should differ.");
    }
}
