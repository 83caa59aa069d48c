using Xunit;

namespace Goodhart.Engine.Conformance;

public abstract class AttentionConformance(DeviceKind device)
{
    public static TheoryData<string, int, int> Cases()
    {
        TheoryData<string, int, int> data = [];
        foreach (string forest in new[] { "one row", "roots", "pairs", "samples", "grandchildren", "long", "empty" })
        {
            data.Add(forest, 3, 24);
        }

        data.Add("pairs", 2, 7);
        data.Add("pairs", 1, 1);
        data.Add("samples", 2, 64);
        data.Add("grandchildren", 1, 80);
        return data;
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void Agrees_with_the_loops(string forest, int heads, int dim)
    {
        foreach (string variant in device.Variants)
        {
            foreach (Queries queries in Enum.GetValues<Queries>())
            {
                SequencePlan plan = Forest(forest);
                double[] qkv = Rig.Random(plan.Rows * heads * 3 * dim, 1);
                int[] asking = Asking(plan, queries);
                double[] dy = Rig.Random(asking.Length * heads * dim, 2);
                Result result = Run(variant, 1, plan, queries, qkv, heads, dim, dy);
                (double[] y, double[] lse) = AttentionReference.Forward(plan, asking, qkv, heads, dim);
                Rig.Close(y, result.Y, 3e-6);
                Rig.Close(lse, result.LogSumExp, 3e-6);
                Rig.Close(AttentionReference.Backward(plan, asking, qkv, heads, dim, dy), result.DQkv, 1e-5);
            }
        }
    }

    [Fact]
    public void Gradient_agrees_with_finite_differences()
    {
        const int Heads = 2;
        const int Dim = 5;
        SequencePlan plan = Forest("grandchildren");
        double[] qkv = Rig.Random(plan.Rows * Heads * 3 * Dim, 3);
        double[] dy = Rig.Random(plan.Rows * Heads * Dim, 4);
        int[] asking = Asking(plan, Queries.All);
        double[] gradient = Run(device.Best, 1, plan, Queries.All, qkv, Heads, Dim, dy).DQkv;
        for (int at = 0; at < qkv.Length; at += 7)
        {
            double Moved(double by)
            {
                double[] moved = [.. qkv];
                moved[at] += by;
                return AttentionReference.Forward(plan, asking, moved, Heads, Dim).Y.Zip(dy, (a, b) => a * b).Sum();
            }

            Assert.Equal((Moved(1e-5) - Moved(-1e-5)) / 2e-5, gradient[at], 1e-5);
        }
    }

    [Fact]
    public void A_shared_prompt_equals_plain_sequences()
    {
        const int Heads = 2;
        const int Dim = 24;
        ForestBuilder shared = new();
        shared.AddResponse(shared.AddRoot(Ids(37)), Ids(18));
        shared.AddResponse(0, Ids(6));
        ForestBuilder plain = new();
        plain.AddOwnTargets(plain.AddRoot(Ids(37 + 17)));
        plain.AddOwnTargets(plain.AddRoot(Ids(37 + 5)));
        int width = Heads * 3 * Dim;
        double[] qkv = Rig.Random((37 + 17 + 5) * width, 5);
        double[] copy = [.. qkv[..(54 * width)], .. qkv[..(37 * width)], .. qkv[(54 * width)..]];
        double[] dy = new double[96 * Heads * Dim];
        double[] a = Run(device.Best, 1, shared.Build(), Queries.All, qkv, Heads, Dim, dy[..(59 * Heads * Dim)]).Y;
        double[] b = Run(device.Best, 1, plain.Build(), Queries.All, copy, Heads, Dim, dy).Y;
        Rig.Close(b[..(54 * Heads * Dim)], a[..(54 * Heads * Dim)], 1e-5);
        Rig.Close(b[((54 + 37) * Heads * Dim)..], a[(54 * Heads * Dim)..], 1e-5);
    }

    [Fact]
    public void Threads_and_the_other_trees_of_a_batch_change_no_bit()
    {
        const int Heads = 3;
        const int Dim = 24;
        SequencePlan plan = Forest("samples");
        double[] qkv = Rig.Random(plan.Rows * Heads * 3 * Dim, 6);
        double[] dy = Rig.Random(plan.Rows * Heads * Dim, 7);
        foreach (string variant in device.Variants)
        {
            Result one = Run(variant, 1, plan, Queries.All, qkv, Heads, Dim, dy);
            foreach (int threads in new[] { 2, 3 })
            {
                Result more = Run(variant, threads, plan, Queries.All, qkv, Heads, Dim, dy);
                device.AssertSame(one.Y, more.Y);
                device.AssertSame(one.DQkv, more.DQkv);
            }

            // The same forest again behind another tree.
            ForestBuilder behind = new();
            behind.AddRoot(Ids(11));
            AddSamples(behind);
            double[] first = Rig.Random(11 * Heads * 3 * Dim, 8);
            double[] moreDy = [.. new double[11 * Heads * Dim], .. dy];
            Result moved = Run(variant, 1, behind.Build(), Queries.All, [.. first, .. qkv], Heads, Dim, moreDy);
            device.AssertSame(one.Y, moved.Y[(11 * Heads * Dim)..]);
            device.AssertSame(one.DQkv, moved.DQkv[(11 * Heads * 3 * Dim)..]);
        }
    }

    [Theory]
    [InlineData(100.0)]
    [InlineData(1e4)]
    public void Extreme_scores_stay_finite(double scale)
    {
        SequencePlan plan = Forest("pairs");
        double[] qkv = Rig.Random(plan.Rows * 3 * 24, 9, Math.Sqrt(scale));
        double[] dy = Rig.Random(plan.Rows * 24, 10);
        foreach (string variant in device.Variants)
        {
            Result result = Run(variant, 1, plan, Queries.All, qkv, 1, 24, dy);
            Assert.All(result.Y.Concat(result.DQkv).Concat(result.LogSumExp), v => Assert.True(double.IsFinite(v)));
            Rig.Close(AttentionReference.Forward(plan, Asking(plan, Queries.All), qkv, 1, 24).Y, result.Y, 3e-3);
        }
    }

    [Fact]
    public void A_wrong_shape_is_named()
    {
        using Rig rig = new(device, device.Best);
        IPlan plan = rig.Prepare(Forest("pairs"));
        Mat qkv = rig.Matrix(plan.Source.Rows, 72);
        ShapeException thrown = Assert.Throws<ShapeException>(() =>
            rig.Ops.Attention(
                plan,
                Queries.HeadRows,
                AttentionInputs.Interleaved(qkv, 1),
                rig.Matrix(plan.Source.Rows, 24),
                rig.Matrix(plan.Source.Rows, 1)));
        Assert.Contains("Attention: expected y [", thrown.Message, StringComparison.Ordinal);
    }

    private static int[] Asking(SequencePlan plan, Queries queries) =>
        queries == Queries.All ? [.. Enumerable.Range(0, plan.Rows)] : plan.HeadRows;

    private static int[] Ids(int count) => [.. Enumerable.Range(0, count)];

    private static SequencePlan Forest(string name)
    {
        ForestBuilder forest = new();
        switch (name)
        {
            case "one row":
                forest.ReadLast(forest.AddRoot(Ids(1)));
                break;
            case "roots":
                foreach (int length in new[] { 1, 7, 16, 17, 70 })
                {
                    forest.AddOwnTargets(forest.AddRoot(Ids(length)));
                }

                break;
            case "pairs":
                foreach ((int prompt, int a, int b) in new[] { (56, 18, 17), (33, 2, 1), (16, 17, 33), (1, 40, 3) })
                {
                    int root = forest.AddRoot(Ids(prompt));
                    forest.AddResponse(root, Ids(a));
                    forest.AddResponse(root, Ids(b));
                }

                break;
            case "samples":
                AddSamples(forest);
                break;
            case "grandchildren":
                int other = forest.AddRoot(Ids(5));
                int top = forest.AddRoot(Ids(19));
                forest.AddResponse(top, Ids(6));
                forest.AddResponse(2, Ids(9));
                forest.AddResponse(2, Ids(4));
                forest.AddResponse(other, Ids(3));
                forest.AddResponse(top, Ids(8));
                break;
            case "long":
                int document = forest.AddRoot(Ids(257));
                forest.AddResponse(document, Ids(48));
                forest.AddResponse(document, Ids(67));
                break;
        }

        return forest.Build();
    }

    private static void AddSamples(ForestBuilder forest)
    {
        for (int prompt = 0; prompt < 3; prompt++)
        {
            int root = forest.AddRoot(Ids(20 + (9 * prompt)));
            for (int sample = 0; sample < 4; sample++)
            {
                forest.AddResponse(root, Ids(3 + (5 * sample)));
            }
        }
    }

    private Result Run(
        string variant, int threads, SequencePlan plan, Queries queries, double[] qkv, int heads, int dim, double[] dy)
    {
        using Rig rig = new(device, variant, threads);
        int asking = Asking(plan, queries).Length;
        IPlan prepared = rig.Prepare(plan);
        Mat x = rig.Matrix(plan.Rows, heads * 3 * dim, qkv);
        Mat y = rig.Matrix(asking, heads * dim);
        Mat lse = rig.Matrix(asking, heads);
        Mat d = rig.Matrix(plan.Rows, heads * 3 * dim);
        AttentionInputs inputs = AttentionInputs.Interleaved(x, heads);
        rig.Ops.Attention(prepared, queries, inputs, y, lse);
        rig.Ops.AttentionGrad(
            prepared, queries, inputs, y, lse, rig.Matrix(asking, heads * dim, dy), AttentionInputs.Interleaved(d, heads));
        return new Result(rig.Values(y), rig.Values(lse), rig.Values(d));
    }

    private sealed record Result(double[] Y, double[] LogSumExp, double[] DQkv);
}
