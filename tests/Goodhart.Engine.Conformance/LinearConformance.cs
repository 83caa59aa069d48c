using Xunit;

namespace Goodhart.Engine.Conformance;

/// <summary>Products against the reference, over shapes with every kind of tail, absent parts and padded rows.</summary>
public abstract class LinearConformance(DeviceKind device)
{
    public static TheoryData<int, int, int> Shapes => new()
    {
        { 0, 5, 7 }, { 3, 0, 4 }, { 1, 1, 1 }, { 7, 7, 7 }, { 8, 16, 48 }, { 16, 31, 33 }, { 31, 16, 17 }, { 13, 48, 190 },
        { 257, 48, 144 }, { 100, 72, 216 }, { 65, 96, 64 }, { 9, 300, 16 }, { 600, 20, 50 }, { 530, 24, 530 },
        { 300, 100, 254 },
    };

    [Theory]
    [MemberData(nameof(Shapes))]
    public void LinearAgrees(int rows, int depth, int columns)
    {
        foreach (Twins twins in Twins.Each(device))
        {
            using (twins)
            {
                Twin x = twins.Random(rows, depth, pad: 3);
                Twin w = twins.Random(columns, depth, pad: 1);
                Twin b = twins.Random(columns, 1);
                Twin addend = twins.Random(rows, columns, pad: 2);
                Twin y = twins.Random(rows, columns, pad: 5);
                twins.Run((ops, on) => ops.Linear(on(x), on(w), on(b), on(addend), on(y)));
                twins.Agree(y, Tolerance(depth));
                twins.Run((ops, on) => ops.Linear(on(x), on(w), default, default, on(y)));
                twins.Agree(y, Tolerance(depth));
                twins.Run((ops, on) => ops.Linear(on(x), on(w), on(b), on(addend), on(addend)));
                twins.Agree(addend, Tolerance(depth));
            }
        }
    }

    [Theory]
    [MemberData(nameof(Shapes))]
    public void GradientsAgree(int rows, int depth, int columns)
    {
        foreach (Twins twins in Twins.Each(device))
        {
            using (twins)
            {
                Twin x = twins.Random(rows, depth, pad: 3);
                Twin w = twins.Random(columns, depth, pad: 1);
                Twin dy = twins.Random(rows, columns, pad: 2);
                Twin dx = twins.Random(rows, depth, pad: 4);
                Twin dw = twins.Random(columns, depth, pad: 7);
                Twin db = twins.Random(columns, 1);
                twins.Run((ops, on) => ops.LinearInputGrad(on(dy), on(w), on(dx), accumulate: false));
                twins.Agree(dx, Tolerance(columns));
                twins.Run((ops, on) => ops.LinearInputGrad(on(dy), on(w), on(dx), accumulate: true));
                twins.Agree(dx, Tolerance(columns));
                twins.Run((ops, on) => ops.LinearWeightGrad(on(dy), on(x), on(dw), on(db)));
                twins.Agree(dw, Tolerance(rows));
                twins.Agree(db, Tolerance(rows));
                twins.Run((ops, on) => ops.LinearWeightGrad(on(dy), on(x), on(dw), default));
                twins.Agree(dw, Tolerance(rows));
            }
        }
    }

    /// <summary>A row's bits must not depend on the rows beside it, on the threads, or on AVX2 against AVX-512.</summary>
    [Theory]
    [InlineData(301, 72, 216)]
    [InlineData(64, 48, 190)]
    [InlineData(700, 130, 45)]
    [InlineData(300, 100, 256)]
    public void BitsDependOnNothingButTheRow(int rows, int depth, int columns)
    {
        float[] first = [];
        foreach (Twins twins in Twins.Each(device))
        {
            using (twins)
            {
                Twin x = twins.Random(rows, depth);
                Twin w = twins.Random(columns, depth);
                Twin b = twins.Random(columns, 1);
                Twin y = twins.Random(rows, columns);
                Twin dx = twins.Random(rows, depth);
                Twin dw = twins.Floats(columns, depth, (i, j) => i - j);
                Twin db = twins.Floats(columns, 1, (i, _) => i);
                Twin dwParts = twins.Floats(columns, depth, (i, j) => i - j);
                Twin dbParts = twins.Floats(columns, 1, (i, _) => i);
                twins.RunFast((ops, on) => Step(ops, on(x), on(w), on(b), on(y), on(dx), on(dw), on(db)));
                float[] whole = [.. twins.Values(y), .. twins.Values(dx), .. twins.Values(dw), .. twins.Values(db)];
                for (int start = 0; start < rows; start += 43)
                {
                    (int from, int count) = (start, Math.Min(43, rows - start));
                    twins.RunFast((ops, on) =>
                    {
                        Mat Part(Twin twin) => on(twin).RowRange(from, count);
                        Step(ops, Part(x), on(w), on(b), Part(y), Part(dx), on(dwParts), on(dbParts));
                    });
                }

                float[] parts = [.. twins.Values(y), .. twins.Values(dx), .. twins.Values(dwParts), .. twins.Values(dbParts)];
                device.AssertSame(whole, parts);
                if (device.AlikeVariants.Contains(twins.Variant))
                {
                    first = first.Length == 0 ? whole : first;
                    Assert.Equal(first, whole);
                }
            }
        }

        static void Step(IOps ops, Mat x, Mat w, Mat b, Mat y, Mat dx, Mat dw, Mat db)
        {
            ops.Linear(x, w, b, default, y);
            ops.LinearInputGrad(y, w, dx, accumulate: false);
            ops.LinearWeightGrad(y, x, dw, db);
        }
    }

    [Fact]
    public void WrongShapesAreNamed()
    {
        using Twins twins = new(device, device.Variants[0], 1);
        Twin x = twins.Random(2, 3);
        Twin w = twins.Random(4, 5);
        Twin y = twins.Random(2, 4);
        ShapeException thrown = Assert.Throws<ShapeException>(() =>
            twins.RunFast((ops, on) => ops.Linear(on(x), on(w), default, default, on(y))));
        Assert.Contains("Linear: expected x with 5 columns, got [2, 3] F32", thrown.Message, StringComparison.Ordinal);
    }

    private static double Tolerance(int depth) => 2e-7 * (4 + depth);
}
