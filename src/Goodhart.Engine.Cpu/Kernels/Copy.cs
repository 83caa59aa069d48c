namespace Goodhart.Engine.Cpu;

/// <summary>Zero, copy, add and rows by index.</summary>
internal sealed unsafe partial class CpuOps
{
    public void Zero(Mat x)
    {
        byte* target = memory.Address(x.Mem);
        int size = x.Type.Size();
        RunRows(x.Rows, x.Cols, (start, count) =>
        {
            for (int row = start; row < start + count; row++)
            {
                new Span<byte>(target + ((long)row * x.Ld * size), x.Cols * size).Clear();
            }
        });
    }

    public void Copy(Mat x, Mat y)
    {
        RequireSame(x, y, nameof(Copy));
        byte* source = memory.Address(x.Mem);
        byte* target = memory.Address(y.Mem);
        int size = x.Type.Size();
        RunRows(x.Rows, x.Cols, (start, count) =>
        {
            for (int row = start; row < start + count; row++)
            {
                new Span<byte>(source + ((long)row * x.Ld * size), x.Cols * size)
                    .CopyTo(new Span<byte>(target + ((long)row * y.Ld * size), x.Cols * size));
            }
        });
    }

    public void AddTo(Mat x, Mat y)
    {
        RequireSame(x, y, nameof(AddTo));
        float* source = F(x);
        float* target = F(y);
        RunRows(x.Rows, x.Cols, (start, count) =>
        {
            for (int row = start; row < start + count; row++)
            {
                kernels.Add(source + ((long)row * x.Ld), target + ((long)row * y.Ld), x.Cols);
            }
        });
    }

    public void GatherRows(Mat x, Mat rows, Mat y)
    {
        RequireTable(rows, y.Rows, 1, nameof(GatherRows));
        ShapeException.Require(y.Cols == x.Cols, nameof(GatherRows), FormattableString.Invariant($"{x.Cols} columns"), y);
        int* row = I(rows);
        float* source = F(x);
        float* target = F(y);
        CheckIndices(row, y.Rows, x.Rows, nameof(GatherRows));
        RunRows(y.Rows, x.Cols, (start, count) =>
        {
            for (int i = start; i < start + count; i++)
            {
                new Span<float>(source + ((long)row[i] * x.Ld), x.Cols).CopyTo(new Span<float>(target + ((long)i * y.Ld), x.Cols));
            }
        });
    }

    public void GatherRowsGrad(Mat dy, Mat rows, Mat dx, bool accumulate)
    {
        if (!accumulate)
        {
            Zero(dx);
        }

        AddRows(dy, rows, dx, nameof(GatherRowsGrad));
    }

    /// <summary>target[rows_i] += x_i in row order, shared out by columns.</summary>
    private void AddRows(Mat x, Mat rows, Mat target, string operation)
    {
        RequireTable(rows, x.Rows, 1, operation);
        ShapeException.Require(x.Cols == target.Cols, operation, FormattableString.Invariant($"{target.Cols} columns"), x);
        int* row = I(rows);
        float* source = F(x);
        float* sum = F(target);
        CheckIndices(row, x.Rows, target.Rows, operation);
        RunColumns(x.Rows, x.Cols, (start, count) =>
        {
            for (int i = 0; i < x.Rows; i++)
            {
                kernels.Add(source + ((long)i * x.Ld) + start, sum + ((long)row[i] * target.Ld) + start, count);
            }
        });
    }

    private static void CheckIndices(int* index, int count, int limit, string operation)
    {
        for (int i = 0; i < count; i++)
        {
            if ((uint)index[i] >= (uint)limit)
            {
                throw new ShapeException(FormattableString.Invariant(
                    $"{operation}: expected indices in [0, {limit}), got {index[i]} in row {i}."));
            }
        }
    }
}

internal abstract unsafe partial class Kernels
{
    /// <summary>y += x.</summary>
    public abstract void Add(float* x, float* y, int count);
}

internal sealed unsafe partial class Kernels<TS, TV>
{
    public override void Add(float* x, float* y, int count)
    {
        int i = 0;
        for (; i + TS.Width <= count; i += TS.Width)
        {
            TS.Store(y + i, TS.Add(TS.Load(y + i), TS.Load(x + i)));
        }

        TS.StorePart(y + i, TS.Add(TS.LoadPart(y + i, count - i), TS.LoadPart(x + i, count - i)), count - i);
    }
}
