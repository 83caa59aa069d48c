using Xunit;

namespace Goodhart.Engine.Conformance;

public abstract class OptimizersConformance(DeviceKind device)
{
    [Theory]
    [InlineData(1)]
    [InlineData(7)]
    [InlineData(257)]
    [InlineData(40_000)]
    public void StepsAgree(int count)
    {
        foreach (Twins twins in Twins.Each(device))
        {
            using (twins)
            {
                Twin w = twins.Random(1, count);
                Twin g = twins.Random(1, count);
                Twin m = twins.Floats(1, count, (_, _) => 0);
                Twin v = twins.Floats(1, count, (_, _) => 0);
                for (int step = 1; step <= 3; step++)
                {
                    int at = step;
                    twins.Run((ops, on) => ops.RmsProp(on(w), on(g), on(v), 1e-3, 0.99, 1e-8));
                    twins.Run((ops, on) => ops.AdamW(on(w), on(g), on(m), on(v), 1e-2, 0.9, 0.95, 1e-8, 0.1, at));
                }

                twins.Agree(w, 1e-6);
                twins.Agree(m, 1e-6);
                twins.Agree(v, 1e-6);
            }
        }
    }

    [Fact]
    public void AdamWithDecayTakesTheStepsThatPyTorchTakes()
    {
        // torch.optim.AdamW([1.0], lr=0.1, betas=(0.9, 0.999), eps=1e-8, weight_decay=0.01), gradient 0.5: the first step is
        // w (1 − lr·decay) − lr·g/|g| up to eps.
        using Twins twins = new(device, device.Best, 1);
        Twin w = twins.Floats(1, 1, (_, _) => 1);
        Twin g = twins.Floats(1, 1, (_, _) => 0.5f);
        Twin m = twins.Floats(1, 1, (_, _) => 0);
        Twin v = twins.Floats(1, 1, (_, _) => 0);
        twins.RunFast((ops, on) => ops.AdamW(on(w), on(g), on(m), on(v), 0.1, 0.9, 0.999, 1e-8, 0.01, 1));
        Assert.Equal(0.899, twins.Values(w)[0], 1e-6);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(16_385)]
    [InlineData(100_003)]
    public void TheNormIsTheSameForAnyNumberOfThreads(int count)
    {
        double first = double.NaN;
        foreach (Twins twins in Twins.Each(device))
        {
            using (twins)
            {
                Twin x = twins.Random(1, count);
                Twin sum = twins.Double();
                twins.Run((ops, on) => ops.SumSquares(on(x), on(sum)));
                first = double.IsNaN(first) ? twins.DoubleValue(sum) : first;
                device.AssertSame([first], [twins.DoubleValue(sum)]);
                Assert.Equal(count / 3.0, first, 0.5 + (count / 50.0));

                twins.Run((ops, on) => ops.ScaleToNorm(on(x), on(sum), 1e9));
                twins.Agree(x, 0);
                twins.Run((ops, on) => ops.ScaleToNorm(on(x), on(sum), 0.25));
                twins.Agree(x, 1e-7);
                twins.Run((ops, on) => ops.SumSquares(on(x), on(sum)));
                Assert.Equal(0.0625, twins.DoubleValue(sum), 1e-5);
            }
        }
    }
}
