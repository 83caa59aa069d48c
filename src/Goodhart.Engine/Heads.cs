namespace Goodhart.Engine;

/// <summary>Heads within the columns of a matrix: head h is columns [First + h·Stride, First + h·Stride + Dim) of every row.</summary>
/// <remarks>How a checkpoint lays its projections out is said here and nowhere else: three separate products, or one fused product that
/// three views share.</remarks>
public readonly record struct Heads(Mat Mat, int First, int Stride, int Count, int Dim)
{
    public int Rows => Mat.Rows;

    /// <summary>Columns of all heads together.</summary>
    public int Width => Count * Dim;

    /// <summary>Heads side by side that fill a matrix.</summary>
    public static Heads Across(Mat mat, int count) => new(mat, 0, mat.Cols / count, count, mat.Cols / count);

    /// <exception cref="ShapeException">The heads do not lie within the matrix.</exception>
    public void Require(string operation) => ShapeException.Require(
        Count > 0 && Dim > 0 && First >= 0 && Stride >= Dim && First + ((Count - 1) * Stride) + Dim <= Mat.Cols && Mat.Type.IsStorage(),
        operation,
        FormattableString.Invariant($"F32 or BF16 with {Count} heads of {Dim} columns, every {Stride} from {First} on"),
        Mat);
}

/// <summary>What attention reads: queries, and keys and values that a group of consecutive query heads shares.</summary>
/// <remarks>Query head h reads key-value head h / (queries.Count / keys.Count).</remarks>
/// <param name="Queries">A row per row of the forest; where only head rows ask, there may be those rows alone.</param>
/// <param name="Window">A row sees itself and the window − 1 tokens before it; 0: all before it.</param>
public readonly record struct AttentionInputs(Heads Queries, Heads Keys, Heads Values, int Window = 0)
{
    /// <summary>Query heads per key-value head.</summary>
    public int Group => Queries.Count / Math.Max(1, Keys.Count);

    /// <summary>A fused product in which query, key and value alternate head by head: [n, heads·3·dim].</summary>
    public static AttentionInputs Interleaved(Mat qkv, int heads)
    {
        int dim = qkv.Cols / (3 * heads);
        return new AttentionInputs(View(0), View(dim), View(2 * dim));

        Heads View(int first) => new(qkv, first, 3 * dim, heads, dim);
    }

    /// <summary>
    /// What every device asks of attention before it computes: the views fit each other, the plan's rows and the results.
    /// </summary>
    /// <param name="y">[queries, heads·dim], of the queries' type.</param>
    /// <param name="logSumExp">[queries, heads], F32.</param>
    /// <exception cref="ShapeException">Something does not fit.</exception>
    public void Require(IPlan plan, Queries queries, Mat y, Mat logSumExp, string operation)
    {
        Require(operation);
        int rows = plan.Source.Rows;
        int asked = queries == Engine.Queries.All ? rows : plan.Source.HeadRows.Length;
        ShapeException.Require(
            Queries.Rows == rows || Queries.Rows == asked, operation, FormattableString.Invariant($"queries of {rows} or {asked} rows"),
            Queries.Mat);
        ShapeException.Require(Keys.Rows == rows, operation, FormattableString.Invariant($"keys and values of {rows} rows"), Keys.Mat);
        ShapeException.Require(
            y.Rows == asked && y.Cols == Queries.Width && y.Type == Queries.Mat.Type, operation,
            FormattableString.Invariant($"y [{asked}, {Queries.Width}] {Queries.Mat.Type}"), y);
        ShapeException.Require(
            logSumExp.Rows == asked && logSumExp.Cols == Queries.Count && logSumExp.Type == DType.F32, operation,
            FormattableString.Invariant($"logSumExp [{asked}, {Queries.Count}] F32"), logSumExp);
    }

    /// <exception cref="ShapeException">The views do not fit each other.</exception>
    public void Require(string operation)
    {
        Queries.Require(operation);
        Keys.Require(operation);
        Values.Require(operation);
        ShapeException.Require(
            Keys.Count == Values.Count && Queries.Count % Keys.Count == 0 && Keys.Dim == Queries.Dim && Values.Dim == Queries.Dim
                && Keys.Rows == Values.Rows && Window >= 0,
            operation,
            FormattableString.Invariant(
                $"keys and values of one count that divides {Queries.Count} query heads, {Queries.Dim} columns each"),
            Keys.Mat);
    }
}
