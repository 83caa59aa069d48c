using System.Numerics;

namespace Goodhart.Engine.Torch.Calls;

/// <content>What the CPU does better than by operators: sums of rows, and products of bfloat16 whose sums are float32.</content>
internal sealed unsafe partial class Aten
{
    private const int RowMajor = 101;
    private const int AsItIs = 111;
    private const int Turned = 112;

    /// <summary>Whether products of bfloat16 can be had as float32.</summary>
    public bool Mixes => !IsHost || imports.MixedProduct is not null;

    /// <summary>y = a b, or y += a b, where a and b are bfloat16 and y is float32: no sum is rounded.</summary>
    /// <returns>False: the library has no such product, or the tensors lie so that it cannot be taken; nothing was done.</returns>
    public bool TryMixedProduct(TorchTensor y, TorchTensor a, TorchTensor b, bool accumulate)
    {
        if (imports.MixedProduct is null || TypeOf(a) != imports.BF16 || TypeOf(b) != imports.BF16 || TypeOf(y) != imports.F32
            || Factor(a) is not { } left || Factor(b) is not { } right || Factor(y) is not { Turn: AsItIs } result)
        {
            return false;
        }

        imports.MixedProduct(
            RowMajor, left.Turn, right.Turn, (int)Size(a, 0), (int)Size(b, 1), (int)Size(a, 1), 1, Data(a), left.Ld, Data(b), right.Ld,
            accumulate ? 1 : 0, (float*)Data(y), result.Ld);
        return true;
    }

    /// <summary>x[rows_i] += values_i, in order, both float32 and up to three dimensions: vectors at a time, where an operator of
    /// libtorch's adds number by number. The same sums.</summary>
    /// <returns>False: they lie in another way; nothing was done.</returns>
    private bool TryAddRowsOnHost(TorchTensor x, TorchTensor rows, TorchTensor values)
    {
        int dimensions = Sizes(x).Length;
        if (!IsHost || TypeOf(x) != imports.F32 || TypeOf(values) != imports.F32 || dimensions is < 2 or > 3
            || Stride(x, dimensions - 1) != 1 || Stride(values, dimensions - 1) != 1)
        {
            return false;
        }

        long parts = dimensions == 3 ? Size(x, 1) : 1;
        (long PartOfX, long PartOfValues) step = dimensions == 3 ? (Stride(x, 1), Stride(values, 1)) : (0, 0);
        (long RowOfX, long RowOfValues) line = (Stride(x, 0), Stride(values, 0));
        int width = (int)Size(x, dimensions - 1);
        bool isLong = TypeOf(rows) == imports.I64;
        byte* indices = Data(rows);
        float* to = (float*)Data(x);
        float* from = (float*)Data(values);
        long count = Size(values, 0);
        for (long i = 0; i < count; i++)
        {
            long row = isLong ? ((long*)indices)[i] : ((int*)indices)[i];
            for (long part = 0; part < parts; part++)
            {
                AddTo(
                    to + (row * line.RowOfX) + (part * step.PartOfX), from + (i * line.RowOfValues) + (part * step.PartOfValues), width);
            }
        }

        return true;
    }

    private static void AddTo(float* to, float* from, int count)
    {
        int i = 0;
        for (; i + Vector<float>.Count <= count; i += Vector<float>.Count)
        {
            (Vector.Load(to + i) + Vector.Load(from + i)).Store(to + i);
        }

        for (; i < count; i++)
        {
            to[i] += from[i];
        }
    }

    /// <summary>How a product reads a matrix, and the numbers from one row, or column, to the next; null: neither way.</summary>
    private (int Turn, int Ld)? Factor(TorchTensor matrix)
    {
        (long rows, long cols) = (Size(matrix, 0), Size(matrix, 1));
        (long down, long along) = (Stride(matrix, 0), Stride(matrix, 1));
        return (along == 1 || cols == 1) && (down >= cols || rows == 1) ? (AsItIs, (int)Math.Max(down, cols))
            : (down == 1 || rows == 1) && (along >= rows || cols == 1) ? (Turned, (int)Math.Max(along, rows))
            : null;
    }

    private long Stride(TorchTensor tensor, int dim)
    {
        long stride;
        Check(imports.Stride(tensor.Handle, dim, &stride), "stride"u8);
        return stride;
    }
}
