namespace Goodhart.Engine.Cpu;

/// <content>Products with weights. Weights are packed anew at each call, being small beside the rows of training; those that are held are
/// not.</content>
internal sealed unsafe partial class CpuOps
{
    public void Linear(Mat x, Mat weight, Mat bias, Mat addend, Mat y)
    {
        const string Name = nameof(Linear);
        ShapeException.Require(x.Cols == weight.Cols, Name, $"x with {weight.Cols} columns", x);
        ShapeException.Require(y.Rows == x.Rows && y.Cols == weight.Rows, Name, $"y [{x.Rows}, {weight.Rows}]", y);
        ShapeException.Require(bias.IsEmpty || bias.Count == weight.Rows, Name, $"a bias of {weight.Rows}", bias);
        ShapeException.Require(addend.IsEmpty || (addend.Rows == y.Rows && addend.Cols == y.Cols), Name, $"an addend {y}", addend);
        if (y.IsEmpty)
        {
            return;
        }

        GemmPanels panels = kernels.PanelsOf(weight.Rows);
        RunProduct(new GemmCall(panels, x.Rows, x.Cols)
        {
            A = F(x),
            RowStride = x.Ld,
            DepthStride = 1,
            Packed = PackTransposed(weight, panels, ScratchSlot.Packed),
            Bias = bias.IsEmpty ? null : PadBias(F(bias), panels),
            Addend = addend.IsEmpty ? null : F(addend),
            AddendStride = addend.Ld,
            C = F(y),
            Stride = y.Ld,
        });
    }

    public void LinearInputGrad(Mat dy, Mat weight, Mat dx, bool accumulate)
    {
        const string Name = nameof(LinearInputGrad);
        ShapeException.Require(dy.Cols == weight.Rows, Name, $"dy with {weight.Rows} columns", dy);
        ShapeException.Require(dx.Rows == dy.Rows && dx.Cols == weight.Cols, Name, $"dx [{dy.Rows}, {weight.Cols}]", dx);
        if (dx.IsEmpty)
        {
            return;
        }

        GemmPanels panels = kernels.PanelsOf(weight.Cols);
        RunProduct(new GemmCall(panels, dy.Rows, dy.Cols)
        {
            A = F(dy),
            RowStride = dy.Ld,
            DepthStride = 1,
            Packed = PackRows(weight, panels, ScratchSlot.Packed),
            C = F(dx),
            Stride = dx.Ld,
            Accumulate = accumulate,
        });
    }

    public void LinearWeightGrad(Mat dy, Mat x, Mat dWeight, Mat dBias)
    {
        const string Name = nameof(LinearWeightGrad);
        ShapeException.Require(x.Rows == dy.Rows, Name, $"x with {dy.Rows} rows", x);
        ShapeException.Require(dWeight.Rows == dy.Cols && dWeight.Cols == x.Cols, Name, $"dW [{dy.Cols}, {x.Cols}]", dWeight);
        ShapeException.Require(dBias.IsEmpty || dBias.Count == dy.Cols, Name, $"a bias gradient of {dy.Cols}", dBias);
        AddOuterProducts(F(dy), dy.Ld, dy.Cols, x, dWeight, dBias.IsEmpty ? null : F(dBias));
    }

    /// <summary>Wᵀ as right factor: packed anew, unless the weight is held.</summary>
    private float* PackTransposed(Mat weight, GemmPanels panels, int slot)
    {
        if (held.TryGetValue(weight, out nint kept))
        {
            return (float*)kept;
        }

        float* packed = scratch[0].Floats(slot, (long)panels.PaddedColumns * weight.Cols);
        PackTransposed(weight, panels, packed);
        return packed;
    }

    private void PackTransposed(Mat weight, GemmPanels panels, float* packed)
    {
        float* source = F(weight);
        RunPanels(panels, weight.Cols, panel => kernels.PackPanelTransposed(source, weight.Ld, weight.Cols, panels, panel, packed));
    }

    /// <summary>W as right factor.</summary>
    private float* PackRows(Mat weight, GemmPanels panels, int slot)
    {
        float* source = F(weight);
        float* packed = scratch[0].Floats(slot, (long)panels.PaddedColumns * weight.Rows);
        RunPanels(panels, weight.Rows, panel => kernels.PackPanel(source, weight.Ld, weight.Rows, panels, panel, packed));
        return packed;
    }

    private float* PadBias(float* bias, GemmPanels panels)
    {
        float* padded = scratch[0].Floats(ScratchSlot.Bias, panels.PaddedColumns);
        new Span<float>(padded, panels.PaddedColumns).Clear();
        new ReadOnlySpan<float>(bias, panels.Columns).CopyTo(new Span<float>(padded, panels.PaddedColumns));
        return padded;
    }
}
