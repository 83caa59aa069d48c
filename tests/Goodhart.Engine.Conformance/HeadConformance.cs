using System.Text.Json;
using Goodhart.Testing;
using Xunit;

namespace Goodhart.Engine.Conformance;

public abstract class HeadConformance(DeviceKind device)
{
    /// <summary>Rows, width, vocabulary; the last two vocabularies take several blocks.</summary>
    public static TheoryData<int, int, int> Shapes => new()
    {
        { 0, 4, 9 }, { 1, 1, 1 }, { 5, 7, 1 }, { 1, 48, 190 }, { 57, 48, 190 }, { 100, 16, 31 }, { 7, 3, 1600 }, { 53, 24, 3001 },
    };

    [Theory]
    [MemberData(nameof(Shapes))]
    public void LogProbAndGradientAgree(int rows, int width, int vocabulary)
    {
        foreach (Twins twins in Twins.Each(device))
        {
            using (twins)
            {
                Twin hidden = twins.Random(rows, width, pad: 2);
                Twin w = twins.Random(vocabulary, width, pad: 1, scale: 2);
                (int[] targetRows, int[] targetTokens) = Targets(rows, vocabulary);
                Twin ownRows = twins.Ints(1, targetRows);
                Twin tokens = twins.Ints(1, targetTokens);
                Twin logProb = twins.Random(targetRows.Length, 1);
                Twin lse = twins.Random(rows, 1);
                twins.Run((ops, on) => ops.HeadLogProb(on(hidden), on(w), on(ownRows), on(tokens), on(logProb), on(lse)));
                twins.Agree(logProb, 2e-6);
                twins.Agree(lse, 1e-6);

                Twin upstream = twins.Random(targetRows.Length, 1);
                Twin dHidden = twins.Random(rows, width, pad: 3);
                Twin dW = twins.Random(vocabulary, width, pad: 5);
                twins.Run((ops, on) => ops.HeadLogProbGrad(
                    on(hidden), on(w), on(ownRows), on(tokens), on(lse), on(upstream), on(dHidden), on(dW)));
                twins.Agree(dHidden, 1e-5);
                twins.Agree(dW, 1e-5);

                Twin ofFrozen = twins.Random(rows, width, pad: 3);
                twins.Run((ops, on) => ops.HeadLogProbGrad(
                    on(hidden), on(w), on(ownRows), on(tokens), on(lse), on(upstream), on(ofFrozen), dWeight: default));
                twins.Agree(ofFrozen, 1e-5);
            }
        }
    }

    [Theory]
    [MemberData(nameof(Shapes))]
    public void DivergencesAgree(int rows, int width, int vocabulary)
    {
        foreach (Twins twins in Twins.Each(device))
        {
            using (twins)
            {
                Twin hiddenP = twins.Random(rows, width, pad: 2);
                Twin hiddenQ = twins.Random(rows, width + 3);
                Twin weightP = twins.Random(vocabulary, width, scale: 2);
                Twin weightQ = twins.Random(vocabulary, width + 3, scale: 2);
                Twin divergence = twins.Random(rows, 2, pad: 1);
                Twin entropy = twins.Random(rows, 1);
                twins.Run((ops, on) => ops.HeadKl(on(hiddenP), on(weightP), on(hiddenQ), on(weightQ), on(divergence), on(entropy)));
                twins.Agree(divergence, 2e-6);
                twins.Agree(entropy, 2e-6);
                twins.Run((ops, on) => ops.HeadKl(on(hiddenP), on(weightP), on(hiddenP), on(weightP), on(divergence), default));
                Assert.All(twins.Values(divergence), value => Assert.Equal(0f, value));
            }
        }
    }

    [Fact]
    public void NearlyEqualDistributionsHaveATinyPositiveDivergence()
    {
        foreach (Twins twins in Twins.Each(device))
        {
            using (twins)
            {
                Twin hidden = twins.Random(20, 32);
                Twin near = twins.Floats(20, 32, (i, j) => twins.Values(hidden)[(i * 32) + j] + ((i + j) % 3 * 1e-4f));
                Twin w = twins.Random(190, 32);
                Twin divergence = twins.Random(20, 2);
                twins.Run((ops, on) => ops.HeadKl(on(hidden), on(w), on(near), on(w), on(divergence), default));
                Assert.All(twins.Values(divergence), value => Assert.InRange(value, 1e-10f, 1e-6f));
                // Logits are rounded to floats, which moves a divergence of 1e-7 by up to 1 %.
                twins.Agree(divergence, 2e-9);
            }
        }
    }

    [Fact]
    public void LogSumExpIsThatOfSixtyDigitArithmetic()
    {
        foreach (JsonElement golden in Golden.Json("losses", "logsumexp.json").EnumerateArray())
        {
            double[] x = golden.GetProperty("x").Doubles();
            double[] expected = golden.GetProperty("log_softmax").Doubles();
            foreach (Twins twins in Twins.Each(device))
            {
                using (twins)
                {
                    Twin one = twins.Floats(1, 1, (_, _) => 1);
                    Twin w = twins.Floats(x.Length, 1, (v, _) => (float)x[v]);
                    Twin rows = twins.Ints(1, new int[x.Length]);
                    Twin tokens = twins.Ints(1, [.. Enumerable.Range(0, x.Length)]);
                    Twin logProb = twins.Random(x.Length, 1);
                    Twin lse = twins.Random(1, 1);
                    Twin divergence = twins.Random(1, 2);
                    Twin entropy = twins.Random(1, 1);
                    twins.Run((ops, on) => ops.HeadLogProb(on(one), on(w), on(rows), on(tokens), on(logProb), on(lse)));
                    twins.Run((ops, on) => ops.HeadKl(on(one), on(w), on(one), on(w), on(divergence), on(entropy)));

                    // Logits and their log-sum-exp are floats, which have so many digits and no more.
                    double rounding = 1e-6 + (1.2e-7 * x.Max(Math.Abs));
                    Assert.Equal(golden.GetProperty("logsumexp").GetDouble(), twins.Values(lse)[0], rounding);
                    Assert.All(expected.Zip(twins.Values(logProb)), pair => Assert.Equal(pair.First, pair.Second, rounding));
                    Assert.Equal(golden.GetProperty("entropy").GetDouble(), twins.Values(entropy)[0], 1e-6 + rounding);
                }
            }
        }
    }

    /// <summary>One token far above or below the others: probabilities 1 and 0, and nothing infinite in a gradient.</summary>
    [Fact]
    public void ExtremeLogitsStayFinite()
    {
        foreach (Twins twins in Twins.Each(device))
        {
            using (twins)
            {
                Twin hidden = twins.Floats(2, 1, (i, _) => i == 0 ? 1000 : -1000);
                Twin w = twins.Floats(3, 1, (v, _) => v - 1);
                Twin rows = twins.Ints(1, 0, 0, 1, 1);
                Twin tokens = twins.Ints(1, 2, 0, 2, 0);
                Twin logProb = twins.Random(4, 1);
                Twin lse = twins.Random(2, 1);
                Twin upstream = twins.Floats(4, 1, (_, _) => 1);
                Twin dHidden = twins.Random(2, 1);
                Twin dW = twins.Floats(3, 1, (_, _) => 0);
                twins.Run((ops, on) => ops.HeadLogProb(on(hidden), on(w), on(rows), on(tokens), on(logProb), on(lse)));
                Assert.Equal([0, -2000, -2000, 0], twins.Values(logProb));
                Assert.Equal([1000, 1000], twins.Values(lse));
                twins.Run((ops, on) => ops.HeadLogProbGrad(
                    on(hidden), on(w), on(rows), on(tokens), on(lse), on(upstream), on(dHidden), on(dW)));
                twins.Agree(dHidden, 0);
                twins.Agree(dW, 0);
            }
        }
    }

    [Theory]
    [InlineData(190)]
    [InlineData(2000)]
    public void BitsDependOnNothingButTheRow(int vocabulary)
    {
        const int Rows = 133, Width = 48;
        float[] first = [];
        foreach (Twins twins in Twins.Each(device))
        {
            using (twins)
            {
                Twin hidden = twins.Random(Rows, Width);
                Twin w = twins.Random(vocabulary, Width);
                Twin tokens = twins.Ints(1, [.. Enumerable.Range(0, Rows).Select(i => i * 37 % vocabulary)]);
                Twin rows = twins.Ints(1, [.. Enumerable.Range(0, Rows)]);
                Twin zero = twins.Ints(1, 0);
                Twin logProb = twins.Random(Rows, 1);
                Twin lse = twins.Random(Rows, 1);
                Twin dHidden = twins.Random(Rows, Width);
                Twin dW = twins.Floats(vocabulary, Width, (i, j) => i - j);
                Twin dWParts = twins.Floats(vocabulary, Width, (i, j) => i - j);
                Twin kl = twins.Random(Rows, 2);
                twins.RunFast((ops, on) =>
                {
                    ops.HeadLogProb(on(hidden), on(w), on(rows), on(tokens), on(logProb), on(lse));
                    ops.HeadLogProbGrad(on(hidden), on(w), on(rows), on(tokens), on(lse), on(logProb), on(dHidden), on(dW));
                    ops.HeadKl(on(hidden), on(w), on(dHidden), on(w), on(kl), default);
                });
                float[] whole = Together(logProb, lse, dHidden, kl, dW);
                for (int i = 0; i < Rows; i++)
                {
                    int row = i;
                    twins.RunFast((ops, on) =>
                    {
                        Mat One(Twin twin) => on(twin).RowRange(row, 1);
                        ops.HeadLogProb(One(hidden), on(w), on(zero), One(tokens), One(logProb), One(lse));
                        ops.HeadLogProbGrad(One(hidden), on(w), on(zero), One(tokens), One(lse), One(logProb), One(dHidden), on(dWParts));
                        ops.HeadKl(One(hidden), on(w), One(dHidden), on(w), One(kl), default);
                    });
                }

                device.AssertSame(whole, Together(logProb, lse, dHidden, kl, dWParts));
                if (device.AlikeVariants.Contains(twins.Variant))
                {
                    first = first.Length == 0 ? whole : first;
                    Assert.Equal(first, whole);
                }

                float[] Together(params Twin[] results) => [.. results.SelectMany(twins.Values)];
            }
        }
    }

    [Fact]
    public void ATargetOutsideTheVocabularyIsNamed()
    {
        using Twins twins = new(device, device.Variants[0], 1);
        Twin hidden = twins.Random(2, 3);
        Twin w = twins.Random(4, 3);
        Twin rows = twins.Ints(1, 0, 1);
        Twin tokens = twins.Ints(1, 0, 4);
        Twin logProb = twins.Random(2, 1);
        Twin lse = twins.Random(2, 1);
        ArgumentOutOfRangeException thrown = Assert.Throws<ArgumentOutOfRangeException>(() =>
            twins.RunFast((ops, on) => ops.HeadLogProb(on(hidden), on(w), on(rows), on(tokens), on(logProb), on(lse))));
        Assert.Contains("target 1 is token 4 of row 1", thrown.Message, StringComparison.Ordinal);
    }

    /// <summary>Out of order, some rows twice, every third row without a target.</summary>
    private static (int[] Rows, int[] Tokens) Targets(int rows, int vocabulary)
    {
        int[] chosen = [.. Enumerable.Range(0, rows).Where(i => i % 3 != 1), .. Enumerable.Range(0, rows).Where(i => i % 5 == 0).Reverse()];
        return (chosen, [.. chosen.Select((row, t) => ((row * 7) + (t * 131)) % vocabulary)]);
    }
}
