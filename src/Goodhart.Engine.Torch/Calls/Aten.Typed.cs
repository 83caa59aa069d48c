namespace Goodhart.Engine.Torch.Calls;

/// <content>Functions with a signature of their own: making tensors, products, and what takes a plain number.</content>
internal sealed unsafe partial class Aten
{
    /// <summary>A new contiguous tensor on the device.</summary>
    public TorchTensor New(int type, params ReadOnlySpan<long> sizes) => New(type, sizes, pinned: false);

    /// <summary>A new contiguous tensor in host memory that the device reads while the host goes on.</summary>
    public TorchTensor NewPinned(int type, params ReadOnlySpan<long> sizes) => New(type, sizes, pinned: true);

    public byte* Data(TorchTensor tensor)
    {
        void* data;
        Check(imports.DataPointer(tensor.Handle, &data), "data_ptr"u8);
        return (byte*)data;
    }

    /// <summary>What stands for an absent tensor where an operator's schema has no optional one.</summary>
    public TorchTensor Absent()
    {
        nint handle;
        Check(imports.Absent(&handle), "absent"u8);
        return Own(handle);
    }

    /// <summary>A view of memory that somebody else owns.</summary>
    public TorchTensor Blob(void* data, int type, ReadOnlySpan<long> sizes, ReadOnlySpan<long> strides, bool onHost = false)
    {
        nint handle;
        (int device, int index) = onHost ? (imports.HostType, 0) : (imports.DeviceType, deviceIndex);
        fixed (long* s = sizes)
        fixed (long* t = strides)
        {
            Check(imports.FromBlob(data, sizes.Length, s, t, 0, type, device, index, &handle, 0, null, 0), "from_blob"u8);
        }

        return Own(handle, isBorrowed: true);
    }

    public void Copy(TorchTensor to, TorchTensor from, bool waits = true) =>
        Check(imports.Copy(to.Handle, from.Handle, waits ? 0 : 1), "copy_"u8);

    public void Zero(TorchTensor x) => Check(imports.Zero(x.Handle), "zero_"u8);

    public void Fill(TorchTensor x, double value) => Check(imports.Fill(x.Handle, value), "fill_"u8);

    /// <summary>y = a b.</summary>
    public void Mm(TorchTensor y, TorchTensor a, TorchTensor b) => Check(imports.Mm(y.Handle, a.Handle, b.Handle), "mm"u8);

    /// <summary>y = beta·c + a b; c may be y.</summary>
    public void AddMm(TorchTensor y, TorchTensor c, TorchTensor a, TorchTensor b, double beta = 1) =>
        Check(imports.AddMm(y.Handle, c.Handle, a.Handle, b.Handle, beta, 1), "addmm"u8);

    /// <summary>a + alpha·b, new.</summary>
    public TorchTensor Add(TorchTensor a, TorchTensor b, double alpha = 1)
    {
        nint sum;
        Check(imports.AddTensor(a.Handle, b.Handle, alpha, &sum), "add"u8);
        return Own(sum);
    }

    public TorchTensor Add(TorchTensor a, double b)
    {
        nint sum;
        Check(imports.AddScalar(a.Handle, b, 1, &sum), "add"u8);
        return Own(sum);
    }

    public TorchTensor Mul(TorchTensor a, double b)
    {
        nint product;
        Check(imports.MulScalar(a.Handle, b, &product), "mul"u8);
        return Own(product);
    }

    /// <summary>x[rows_i] += values_i, in order: on one thread, because more would add in no order.</summary>
    public void AddRows(TorchTensor x, TorchTensor rows, TorchTensor values)
    {
        if (TryAddRowsOnHost(x, rows, values))
        {
            return;
        }

        nint index = rows.Handle;
        UseThreads(1);
        Check(imports.IndexPut(x.Handle, x.Handle, &index, 1, values.Handle, 1), "index_put_"u8);
        UseThreads(threads);
    }

    private TorchTensor New(int type, ReadOnlySpan<long> sizes, bool pinned)
    {
        Span<long> strides = stackalloc long[sizes.Length];
        long stride = 1;
        for (int i = sizes.Length - 1; i >= 0; i--)
        {
            strides[i] = stride;
            stride *= sizes[i];
        }

        nint handle;
        fixed (long* s = sizes)
        fixed (long* t = strides)
        {
            Check(
                pinned
                    ? imports.EmptyPinned(sizes.Length, s, t, type, imports.HostType, 0, &handle)
                    : imports.Empty(sizes.Length, s, t, type, imports.DeviceType, deviceIndex, &handle),
                "empty"u8);
        }

        return Own(handle);
    }
}
