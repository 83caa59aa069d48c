using Goodhart.Engine.Torch.Attention;
using Goodhart.Engine.Torch.Calls;
using Goodhart.Engine.Torch.Memory;

namespace Goodhart.Engine.Torch.Ops;

/// <summary>Every operation as a few of libtorch's over views of the slabs; this file holds what they share.</summary>
/// <param name="storage">libtorch's number of the type that activations are stored in.</param>
/// <param name="widens">Whether bfloat16 is made float32 before it is multiplied.</param>
internal sealed partial class TorchOps(
    Aten aten, TorchMemory memory, AttentionKernel attention, PartRules rules, int storage, bool widens) : IOps, IDisposable
{
    public void Dispose()
    {
        ForgetSeen();
        tables.Dispose();
    }

    private static void RequireSame(Mat x, Mat y, string operation) => ShapeException.Require(
        y.Rows == x.Rows && y.Cols == x.Cols && y.Type == x.Type, operation, FormattableString.Invariant($"the shape {x}"), y);

    private static void RequireVector(Mat x, int count, string operation, DType type) => ShapeException.Require(
        x.Count == count && x.Type == type && (x.Cols == 1 ? x.Ld == 1 : x.Rows == 1),
        operation,
        FormattableString.Invariant($"{count} contiguous {type} values"),
        x);

    private static void RequireTable(Mat x, int rows, int cols, string operation) => ShapeException.Require(
        x.Rows == rows && x.Cols == cols && x.Type == DType.I32 && x.Ld == cols,
        operation,
        FormattableString.Invariant($"a contiguous [{rows}, {cols}] I32 table"),
        x);

    private static void RequireColumn(Mat x, int rows, string operation, DType type = DType.F32) => ShapeException.Require(
        x.Rows == rows && x.Cols == 1 && x.Ld == 1 && x.Type == type,
        operation,
        FormattableString.Invariant($"a column of {rows} {type}"),
        x);

    /// <summary>On a GPU an index outside would end the process: it is found here.</summary>
    private void RequireIndices(Mat table, int limit, string operation)
    {
        ReadOnlySpan<int> indices = memory.Indices(table);
        for (int i = 0; i < indices.Length; i++)
        {
            if ((uint)indices[i] >= (uint)limit)
            {
                throw new ShapeException(FormattableString.Invariant(
                    $"{operation}: expected indices in [0, {limit}), got {indices[i]} in row {i}."));
            }
        }
    }

    private TorchTensor View(Mat mat) => memory.View(mat);

    private TorchTensor Vector(Mat mat) => memory.Vector(mat);

    private TorchTensor Column(Mat mat, int at) => memory.View(mat, [mat.Rows, 1], [Math.Max(1, mat.Ld), 1], at);

    /// <summary>A contiguous copy of a column, as operators with saved statistics need it.</summary>
    private TorchTensor SavedColumn(Mat mat, int at) => aten.Contiguous(Column(mat, at));

    /// <summary>y = x, or y += x.</summary>
    private void Put(TorchTensor y, TorchTensor x, bool accumulate)
    {
        if (accumulate)
        {
            aten.AddInto(y, x);
        }
        else
        {
            aten.Copy(y, x);
        }
    }
}
