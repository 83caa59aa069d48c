using System.Runtime.InteropServices;

namespace Goodhart.Engine.Torch.Memory;

/// <summary>A <see cref="TreeLayout"/> on the device.</summary>
internal sealed class PaddedTrees
{
    public PaddedTrees(TreeLayout layout, IDevice device, IArena arena)
    {
        (Trees, Keys, Queries) = (layout.Trees, layout.Keys, layout.Queries);
        KeyRows = device.UploadI32(arena, layout.KeyRows);
        KeyBack = device.UploadI32(arena, layout.KeyBack);
        QueryRows = device.UploadI32(arena, layout.QueryRows);
        OutputRows = device.UploadI32(arena, layout.OutputRows);
        Back = device.UploadI32(arena, layout.Back);
        Asked = device.UploadI32(arena, layout.Asked);
        Live = Floats(layout.Live, 1);
        Padding = Floats(layout.Padding, 1);
        Mask = Floats(layout.Mask, layout.Keys);

        Mat Floats(float[] values, int cols)
        {
            Mat mat = arena.Allocate(cols == 0 ? 0 : values.Length / cols, cols);
            device.Upload(mat.Mem, MemoryMarshal.AsBytes<float>(values));
            return mat;
        }
    }

    /// <inheritdoc cref="TreeLayout.Trees"/>
    public int Trees { get; }

    /// <inheritdoc cref="TreeLayout.Keys"/>
    public int Keys { get; }

    /// <inheritdoc cref="TreeLayout.Queries"/>
    public int Queries { get; }

    /// <inheritdoc cref="TreeLayout.KeyRows"/>
    public Mat KeyRows { get; }

    /// <inheritdoc cref="TreeLayout.KeyBack"/>
    public Mat KeyBack { get; }

    /// <inheritdoc cref="TreeLayout.QueryRows"/>
    public Mat QueryRows { get; }

    /// <inheritdoc cref="TreeLayout.OutputRows"/>
    public Mat OutputRows { get; }

    /// <inheritdoc cref="TreeLayout.Back"/>
    public Mat Back { get; }

    /// <inheritdoc cref="TreeLayout.Asked"/>
    public Mat Asked { get; }

    /// <inheritdoc cref="TreeLayout.Live"/>
    public Mat Live { get; }

    /// <inheritdoc cref="TreeLayout.Padding"/>
    public Mat Padding { get; }

    /// <inheritdoc cref="TreeLayout.Mask"/>
    public Mat Mask { get; }
}
