namespace Goodhart.Engine.Cpu.Tests;

/// <summary>Products against loops in double, over shapes with every kind of tail.</summary>
public sealed unsafe class LinearTests
{
    public static TheoryData<int, int, int> Shapes => new()
    {
        { 0, 5, 7 }, { 3, 0, 4 }, { 1, 1, 1 }, { 7, 7, 7 }, { 8, 16, 48 }, { 16, 31, 33 }, { 31, 16, 17 }, { 13, 48, 190 },
        { 257, 48, 144 }, { 100, 72, 216 }, { 65, 96, 64 }, { 9, 300, 16 }, { 600, 20, 50 }, { 530, 24, 530 },
    };

    [Theory]
    [MemberData(nameof(Shapes))]
    public void LinearAgreesWithLoops(int rows, int depth, int columns)
    {
        foreach (Bench bench in Bench.All())
        {
            using (bench)
            {
                Mat x = bench.Random(rows, depth, pad: 3);
                Mat w = bench.Random(columns, depth, pad: 1);
                Mat b = bench.Random(columns, 1);
                Mat addend = bench.Random(rows, columns, pad: 2);
                Mat y = bench.Random(rows, columns, pad: 5);
                bench.Ops.Linear(x, w, b, addend, y);
                bench.Expect(y, depth, (i, j) => Dot(bench, x, w, i, j) + bench.At(b, j, 0) + bench.At(addend, i, j));
                bench.Ops.Linear(x, w, default, default, y);
                bench.Expect(y, depth, (i, j) => Dot(bench, x, w, i, j));
                float[] before = bench.Values(addend);
                bench.Ops.Linear(x, w, default, addend, addend);
                bench.Expect(addend, depth, (i, j) => Dot(bench, x, w, i, j) + before[(i * columns) + j]);
            }
        }
    }

    [Theory]
    [MemberData(nameof(Shapes))]
    public void GradientsAgreeWithLoops(int rows, int depth, int columns)
    {
        foreach (Bench bench in Bench.All())
        {
            using (bench)
            {
                Mat x = bench.Random(rows, depth, pad: 3);
                Mat w = bench.Random(columns, depth, pad: 1);
                Mat dy = bench.Random(rows, columns, pad: 2);
                Mat dx = bench.Random(rows, depth, pad: 4);
                Mat dw = bench.Random(columns, depth, pad: 7);
                Mat db = bench.Random(columns, 1);
                bench.Ops.LinearInputGrad(dy, w, dx, accumulate: false);
                bench.Expect(dx, columns, (i, p) => Sum(columns, j => bench.At(dy, i, j) * (double)bench.At(w, j, p)));
                float[] before = bench.Values(dx);
                bench.Ops.LinearInputGrad(dy, w, dx, accumulate: true);
                bench.Expect(dx, columns, (i, p) => before[(i * depth) + p] + Sum(columns, j => bench.At(dy, i, j) * (double)bench.At(w, j, p)));

                float[] dwBefore = bench.Values(dw);
                float[] dbBefore = bench.Values(db);
                bench.Ops.LinearWeightGrad(dy, x, dw, db);
                bench.Expect(dw, rows, (j, p) => dwBefore[(j * depth) + p] + Sum(rows, i => bench.At(dy, i, j) * (double)bench.At(x, i, p)));
                bench.Expect(db, rows, (j, _) => dbBefore[j] + Sum(rows, i => bench.At(dy, i, j)));
                bench.Ops.LinearWeightGrad(dy, x, dw, default);
            }
        }
    }

    /// <summary>A row's result must not depend on the rows beside it, on the threads, or on AVX2 against AVX-512.</summary>
    [Fact]
    public void BitsDependOnNothingButTheRow()
    {
        const int Rows = 301, Depth = 72, Columns = 216;
        float[] whole = [];
        float[] wide = [];
        foreach (Bench bench in Bench.All())
        {
            using (bench)
            {
                Mat x = bench.Random(Rows, Depth);
                Mat w = bench.Random(Columns, Depth);
                Mat y = bench.Random(Rows, Columns);
                Mat dw = bench.Random(Columns, Depth);
                Mat db = bench.Random(Columns, 1);
                Mat dwParts = bench.Random(Columns, Depth);
                Mat dbParts = bench.Random(Columns, 1);
                bench.Ops.Copy(dw, dwParts);
                bench.Ops.Copy(db, dbParts);

                bench.Ops.Linear(x, w, db, default, y);
                bench.Ops.LinearWeightGrad(y, x, dw, db);
                whole = bench.Values(y);
                float[] wholeGradient = [.. bench.Values(dw), .. bench.Values(db)];
                for (int start = 0; start < Rows; start += 43)
                {
                    int count = Math.Min(43, Rows - start);
                    bench.Ops.Linear(x.RowRange(start, count), w, dbParts, default, y.RowRange(start, count));
                }

                Assert.Equal(whole, bench.Values(y));
                for (int start = 0; start < Rows; start += 43)
                {
                    int count = Math.Min(43, Rows - start);
                    bench.Ops.LinearWeightGrad(y.RowRange(start, count), x.RowRange(start, count), dwParts, dbParts);
                }

                Assert.Equal(wholeGradient, [.. bench.Values(dwParts), .. bench.Values(dbParts)]);
                if (bench.Isa != Isa.Portable)
                {
                    wide = wide.Length == 0 ? [.. whole, .. wholeGradient] : wide;
                    Assert.Equal(wide, [.. whole, .. wholeGradient]);
                }
            }
        }
    }

    [Fact]
    public void WrongShapesAreNamed()
    {
        using Bench bench = new(Isa.Portable, 1);
        Mat x = bench.Random(2, 3);
        ShapeException thrown = Assert.Throws<ShapeException>(() => bench.Ops.Linear(x, bench.Random(4, 5), default, default, bench.Random(2, 4)));
        Assert.Contains("Linear: expected x with 5 columns", thrown.Message, StringComparison.Ordinal);
    }

    private static double Dot(Bench bench, Mat x, Mat w, int i, int j) => Sum(x.Cols, p => bench.At(x, i, p) * (double)bench.At(w, j, p));

    private static double Sum(int count, Func<int, double> term)
    {
        double sum = 0;
        for (int i = 0; i < count; i++)
        {
            sum += term(i);
        }

        return sum;
    }
}
