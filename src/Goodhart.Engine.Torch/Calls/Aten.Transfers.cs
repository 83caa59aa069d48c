namespace Goodhart.Engine.Torch.Calls;

/// <content>Values between the host and the device, and what the host knows of a tensor.</content>
internal sealed unsafe partial class Aten
{
    public int TypeOf(TorchTensor tensor)
    {
        int type;
        Check(imports.TypeOf(tensor.Handle, &type), "dtype"u8);
        return type;
    }

    public long Size(TorchTensor tensor, int dim)
    {
        long size;
        Check(imports.Size(tensor.Handle, dim, &size), "size"u8);
        return size;
    }

    /// <summary>A copy of host values, through memory that a GPU reads while the host goes on.</summary>
    public TorchTensor FromHost<T>(T[] values, int type, params ReadOnlySpan<long> sizes)
        where T : unmanaged
    {
        TorchTensor staged = New(type, sizes, pinned: !IsHost);
        values.CopyTo(new Span<T>(Data(staged), values.Length));
        if (IsHost)
        {
            return staged;
        }

        TorchTensor copy = New(type, sizes);
        Copy(copy, staged, waits: false);
        return copy;
    }

    /// <summary>Waits for the values, as float32 in the order of the dimensions.</summary>
    public float[] ToHost(TorchTensor tensor)
    {
        TorchTensor values = Contiguous(Float(tensor));
        float[] host = new float[Sizes(values).Aggregate(1L, (product, size) => product * size)];
        fixed (float* p = host)
        {
            Copy(Blob(p, imports.F32, [host.Length], [1], onHost: true), Reshape(values, -1));
        }

        return host;
    }

    /// <summary>A copy in the order of the dimensions.</summary>
    public TorchTensor Contiguous(TorchTensor tensor)
    {
        TorchTensor copy = New(TypeOf(tensor), Sizes(tensor));
        Copy(copy, tensor);
        return copy;
    }

    private long[] Sizes(TorchTensor tensor)
    {
        long dimensions;
        Check(imports.Dimensions(tensor.Handle, &dimensions), "dim"u8);
        return [.. Enumerable.Range(0, (int)dimensions).Select(dim => Size(tensor, dim))];
    }
}
