using Xunit;

namespace Goodhart.Engine.Conformance;

/// <summary>
/// Attention, rotary embedding and cache over views of every kind: separate or fused, grouped, windowed, asking rows alone.
/// </summary>
public abstract class HeadViewsConformance(DeviceKind device)
{
    /// <summary>Query heads, key-value heads, dim, window.</summary>
    public static TheoryData<int, int, int, int> Shapes => new()
    {
        { 1, 1, 1, 0 }, { 4, 2, 7, 0 }, { 6, 2, 16, 0 }, { 3, 1, 24, 0 }, { 4, 4, 8, 1 }, { 4, 2, 12, 5 }, { 2, 1, 33, 17 },
        { 4, 2, 8, 1000 },
    };

    [Theory]
    [MemberData(nameof(Shapes))]
    public void Attention_agrees_with_the_reference(int heads, int shared, int dim, int window)
    {
        SequencePlan forest = Forest();
        foreach (Twins twins in Twins.Each(device))
        {
            using (twins)
            {
                (IPlan Fast, IPlan Slow) plan = twins.Prepare(forest);
                foreach (Queries queries in Enum.GetValues<Queries>())
                {
                    int asking = queries == Queries.All ? forest.Rows : forest.HeadRows.Length;
                    foreach (int rows in new HashSet<int> { forest.Rows, asking })
                    {
                        Twin q = twins.Random(rows, heads * dim, pad: 3, scale: 2);
                        Twin kv = twins.Random(forest.Rows, 2 * shared * dim, pad: 1, scale: 2);
                        Twin y = twins.Random(asking, heads * dim, pad: 2);
                        Twin lse = twins.Random(asking, heads);
                        Twin dy = twins.Random(asking, heads * dim, pad: 4);
                        Twin dQ = twins.Random(rows, heads * dim);
                        Twin dKv = twins.Random(forest.Rows, 2 * shared * dim, pad: 5);
                        twins.Run(plan, (ops, prepared, on) =>
                        {
                            ops.Attention(prepared, queries, Views(on(q), on(kv)), on(y), on(lse));
                            ops.AttentionGrad(prepared, queries, Views(on(q), on(kv)), on(y), on(lse), on(dy), Views(on(dQ), on(dKv)));
                        });
                        twins.Agree(y, 4e-6);
                        twins.Agree(lse, 4e-6);
                        twins.Agree(dQ, 2e-5);
                        twins.Agree(dKv, 4e-5);
                    }
                }
            }
        }

        // Keys and values alternate in one matrix.
        AttentionInputs Views(Mat q, Mat kv) => new(
            Heads.Across(q, heads), new Heads(kv, 0, 2 * dim, shared, dim), new Heads(kv, dim, 2 * dim, shared, dim), window);
    }

    [Theory]
    [MemberData(nameof(Shapes))]
    public void Decoding_agrees_with_attention_over_the_whole_sequence(int heads, int shared, int dim, int window)
    {
        ForestBuilder builder = new();
        int root = builder.AddRoot(new int[21]);
        builder.AddResponse(root, new int[8]);
        builder.AddResponse(root, new int[5]);
        SequencePlan forest = builder.Build();
        double[] q = Rig.Random(forest.Rows * heads * dim, 1, 2);
        double[] k = Rig.Random(forest.Rows * shared * dim, 2, 2);
        double[] v = Rig.Random(forest.Rows * shared * dim, 3);
        using Rig rig = new(device, device.Best, 2);
        Mat keys = rig.Matrix(forest.Rows, shared * dim, k);
        Mat values = rig.Matrix(forest.Rows, shared * dim, v);
        Mat y = rig.Matrix(forest.Rows, heads * dim);
        AttentionInputs inputs = new(
            Heads.Across(rig.Matrix(forest.Rows, heads * dim, q), heads), Heads.Across(keys, shared), Heads.Across(values, shared), window);
        rig.Ops.Attention(rig.Prepare(forest), Queries.All, inputs, y, rig.Matrix(forest.Rows, heads));
        double[] expected = rig.Values(y);

        Mat cache = rig.Matrix(50, 2 * shared * dim, padding: 0);
        rig.Ops.KvAppend(inputs.Keys, inputs.Values, rig.Table(1, [.. Enumerable.Range(3, forest.Rows)]), cache);
        int width = heads * dim;
        Mat last = rig.Matrix(2, width, [.. q[(27 * width)..(28 * width)], .. q[(31 * width)..(32 * width)]]);
        Mat decoded = rig.Matrix(2, width);
        rig.Ops.DecodeAttention(Heads.Across(last, heads), shared, cache, rig.Table(4, 3, 21, 24, 7, 3, 21, 31, 4), window, decoded);
        Rig.Close([.. expected[(27 * width)..(28 * width)], .. expected[(31 * width)..(32 * width)]], rig.Values(decoded), 4e-6);
    }

    [Fact]
    public void A_fused_product_and_separate_ones_give_the_same_bits()
    {
        if (!device.PromisesBits)
        {
            return;
        }

        const int Heads_ = 3;
        const int Dim = 24;
        SequencePlan forest = Forest();
        double[] qkv = Rig.Random(forest.Rows * Heads_ * 3 * Dim, 4);
        using Rig rig = new(device, device.Best);
        IPlan plan = rig.Prepare(forest);
        AttentionInputs fused = AttentionInputs.Interleaved(rig.Matrix(forest.Rows, Heads_ * 3 * Dim, qkv), Heads_);
        AttentionInputs apart = new(Part(0), Part(1), Part(2));
        Assert.Equal(Run(fused), Run(apart));

        double[] Run(AttentionInputs inputs)
        {
            RotaryTable table = new(8, 10000);
            rig.Ops.Rotary(inputs.Queries, plan.Positions, table, inverse: false);
            rig.Ops.Rotary(inputs.Keys, plan.Positions, table, inverse: false);
            Mat y = rig.Matrix(forest.Rows, Heads_ * Dim);
            rig.Ops.Attention(plan, Queries.All, inputs, y, rig.Matrix(forest.Rows, Heads_));
            return rig.Values(y);
        }

        Heads Part(int part) => Heads.Across(
            rig.Matrix(
                forest.Rows,
                Heads_ * Dim,
                [
                    .. Enumerable.Range(0, forest.Rows * Heads_)
                        .SelectMany(i => qkv[(((i * 3) + part) * Dim)..(((i * 3) + part + 1) * Dim)]),
                ]),
            Heads_);
    }

    [Fact]
    public void Views_that_do_not_fit_are_named()
    {
        using Rig rig = new(device, device.Best);
        IPlan plan = rig.Prepare(Forest());
        int rows = plan.Source.Rows;
        Heads q = Heads.Across(rig.Matrix(rows, 12), 3);
        Heads k = Heads.Across(rig.Matrix(rows, 8), 2);
        ShapeException thrown = Assert.Throws<ShapeException>(() =>
            rig.Ops.Attention(plan, Queries.All, new AttentionInputs(q, k, k), rig.Matrix(rows, 12), rig.Matrix(rows, 3)));
        Assert.Contains("count that divides 3 query heads", thrown.Message, StringComparison.Ordinal);
        thrown = Assert.Throws<ShapeException>(() => rig.Ops.Rotary(
            k with { First = 5 }, rig.Table(1, new int[rows]), new RotaryTable(4, 10000), inverse: false));
        Assert.Contains("2 heads of 4 columns, every 4 from 5 on", thrown.Message, StringComparison.Ordinal);
    }

    private static SequencePlan Forest()
    {
        ForestBuilder forest = new();
        foreach ((int prompt, int a, int b) in new[] { (40, 18, 17), (7, 2, 1), (16, 17, 33), (1, 9, 3) })
        {
            int root = forest.AddRoot(new int[prompt]);
            forest.AddResponse(root, new int[a]);
            forest.AddResponse(root, new int[b]);
        }

        return forest.Build();
    }
}
