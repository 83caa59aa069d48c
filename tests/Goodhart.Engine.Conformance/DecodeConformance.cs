using Xunit;

namespace Goodhart.Engine.Conformance;

public abstract class DecodeConformance(DeviceKind device)
{
    /// <summary>Two samples below each of three prompts, their rows scattered over the cache: the last row of each asks.</summary>
    [Theory]
    [InlineData(3, 24, 200)]
    [InlineData(2, 7, 117)]
    [InlineData(1, 80, 131)]
    public void Equals_attention_of_the_full_sequence(int heads, int dim, int capacity)
    {
        ForestBuilder forest = new();
        int[] prompts = [21, 1, 33];
        int[] cacheStart = [3, 30, 64];
        List<int> asking = [];
        List<int> ranges = [];
        List<int> cacheRows = [];
        int own = 100;
        for (int p = 0; p < 3; p++)
        {
            int root = forest.AddRoot(new int[prompts[p]]);
            cacheRows.AddRange(Enumerable.Range(cacheStart[p], prompts[p]));
            for (int sample = 0; sample < 2; sample++)
            {
                int length = 1 + sample + p;
                forest.AddResponse(root, new int[length + 1]);
                cacheRows.AddRange(Enumerable.Range(own, length));
                asking.Add(forest.Rows - 1);
                ranges.AddRange([cacheStart[p], prompts[p], own, length]);
                own += length;
            }
        }

        SequencePlan plan = forest.Build();
        double[] qkv = Rig.Random(plan.Rows * heads * 3 * dim, 1, 2);
        double[] expected = AttentionReference.Forward(plan, [.. asking], qkv, heads, dim).Y;
        foreach (string variant in device.Variants)
        {
            double[]? first = null;
            foreach (int threads in new[] { 1, 2, 3 })
            {
                double[] y = Decode(variant, threads, plan.Rows, qkv, heads, dim, capacity, [.. cacheRows], [.. ranges], [.. asking]);
                Rig.Close(expected, y, 3e-6);
                device.AssertSame(first ?? y, y);
                first = y;
            }
        }
    }

    [Fact]
    public void The_place_in_the_cache_changes_no_bit()
    {
        double[] qkv = Rig.Random(25 * 3 * 24, 2);
        double[] At(int prompt, int own, int capacity) => Decode(
            device.Best, 1, 25, qkv, 1, 24, capacity,
            [.. Enumerable.Range(prompt, 20), .. Enumerable.Range(own, 5)], [prompt, 20, own, 5], [24]);

        double[] y = At(0, 20, 25);
        device.AssertSame(y, At(16, 48, 64));
        device.AssertSame(y, At(37, 5, 61));
        device.AssertSame(y, At(7, 44, 49));
    }

    /// <summary>Rows that share prompts, and query heads that share keys, against each row alone.</summary>
    [Theory]
    [InlineData(4, 2, 16, 0)]
    [InlineData(3, 1, 24, 9)]
    [InlineData(2, 2, 7, 0)]
    [InlineData(6, 2, 80, 40)]
    public void Who_else_asks_changes_no_bit(int heads, int keyHeads, int dim, int window)
    {
        int[] prompts = [37, 5, 64];
        int[] starts = [2, 45, 50];
        const int OwnStart = 120;
        const int Capacity = 203;
        List<int> ranges = [];
        for (int row = 0; row < 13; row++)
        {
            int prompt = row / 5;
            ranges.AddRange([starts[prompt], prompts[prompt], OwnStart + (6 * row), 1 + (row * row % 6)]);
        }

        double[] keys = Rig.Random(Capacity * keyHeads * dim, 5);
        double[] values = Rig.Random(Capacity * keyHeads * dim, 6);
        double[] queries = Rig.Random(13 * heads * dim, 7);
        foreach (string variant in device.Variants)
        {
            double[] alone = [.. Enumerable.Range(0, 13).SelectMany(row => Of(1, row, 1))];
            foreach (int threads in device.Threads)
            {
                device.AssertSame(alone, Of(threads, 0, 13));
            }

            double[] Of(int threads, int first, int count)
            {
                using Rig rig = new(device, variant, threads);
                Mat cache = rig.Matrix(Capacity, 2 * keyHeads * dim, padding: 0);
                rig.Ops.KvAppend(
                    Heads.Across(rig.Matrix(Capacity, keyHeads * dim, keys), keyHeads),
                    Heads.Across(rig.Matrix(Capacity, keyHeads * dim, values), keyHeads),
                    rig.Table(1, [.. Enumerable.Range(0, Capacity)]), cache);
                Mat asking = rig.Matrix(count, heads * dim, queries[(first * heads * dim)..((first + count) * heads * dim)]);
                Mat y = rig.Matrix(count, heads * dim);
                rig.Ops.DecodeAttention(
                    Heads.Across(asking, heads), keyHeads, cache, rig.Table(4, [.. ranges.Skip(4 * first).Take(4 * count)]), window, y);
                return rig.Values(y);
            }
        }
    }

    [Fact]
    public void Extreme_scores_stay_finite()
    {
        double[] qkv = Rig.Random(25 * 3 * 24, 3, 100);
        double[] y = Decode(device.Best, 1, 25, qkv, 1, 24, 25, [.. Enumerable.Range(0, 25)], [0, 20, 20, 5], [24]);
        Assert.All(y, v => Assert.True(double.IsFinite(v)));
    }

    [Fact]
    public void A_range_beyond_the_cache_is_named()
    {
        ShapeException thrown = Assert.Throws<ShapeException>(() => Decode(
            device.Best, 1, 2, new double[2 * 72], 1, 24, 2, [0, 1], [0, 2, 2, 1], [1]));
        Assert.Contains("expected ranges within 2 cache rows", thrown.Message, StringComparison.Ordinal);
    }

    private double[] Decode(
        string variant, int threads, int rows, double[] qkv, int heads, int dim, int capacity, int[] cacheRows, int[] ranges, int[] asking)
    {
        using Rig rig = new(device, variant, threads);
        Mat cache = rig.Matrix(capacity, 2 * heads * dim, padding: 0);
        AttentionInputs all = AttentionInputs.Interleaved(rig.Matrix(rows, heads * 3 * dim, qkv), heads);
        rig.Ops.KvAppend(all.Keys, all.Values, rig.Table(1, cacheRows), cache);
        int width = heads * 3 * dim;
        Mat queries = rig.Matrix(asking.Length, width, [.. asking.SelectMany(row => qkv[(row * width)..((row + 1) * width)])]);
        Mat y = rig.Matrix(asking.Length, heads * dim);
        rig.Ops.DecodeAttention(AttentionInputs.Interleaved(queries, heads).Queries, heads, cache, rig.Table(4, ranges), window: 0, y);
        return rig.Values(y);
    }
}
