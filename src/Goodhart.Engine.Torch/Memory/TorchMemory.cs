using System.Runtime.InteropServices;
using Goodhart.Engine.Torch.Calls;

namespace Goodhart.Engine.Torch.Memory;

/// <summary>Slabs of bytes on the device; matrices are strided views into them.</summary>
/// <param name="looksAway">As on a GPU, where it is host memory: for counting what is read back.</param>
internal sealed unsafe class TorchMemory(Aten aten, bool looksAway = false) : ISlabs, IDisposable
{
    private readonly bool isSeen = aten.IsHost && !looksAway;
    private readonly List<(TorchTensor Tensor, nint Data)> slabs = [];

    /// <summary>What the host wrote as indices, kept where the host cannot look into the device: checks need no read that waits.</summary>
    private readonly Dictionary<(int Slab, long Offset), byte[]> written = [];

    /// <summary>How often the host has waited for what the device computes.</summary>
    public int HostReads { get; private set; }

    /// <inheritdoc/>
    public int AddSlab(long bytes)
    {
        using Aten.Scope scope = aten.Open();
        TorchTensor tensor = aten.Keep(aten.New(aten.Imports.U8, bytes));
        slabs.Add((tensor, (nint)aten.Data(tensor)));
        return slabs.Count - 1;
    }

    public void FreeSlab(int slab, long bytes)
    {
        if (slabs[slab].Data != 0)
        {
            aten.Delete(slabs[slab].Tensor);
            slabs[slab] = default;
            ForgetSlab(slab);
        }
    }

    /// <inheritdoc/>
    public void ForgetSlab(int slab)
    {
        foreach ((int Slab, long Offset) key in written.Keys.Where(key => key.Slab == slab).ToArray())
        {
            written.Remove(key);
        }
    }

    public byte* Address(Mem mem) => (byte*)slabs[mem.Slab].Data + mem.Offset;

    public TorchTensor View(Mat mat) => aten.Blob(Address(mat.Mem), TypeOf(mat), [mat.Rows, mat.Cols], [Math.Max(1, mat.Ld), 1]);

    /// <summary>The same memory by other sizes and strides, from an element on.</summary>
    public TorchTensor View(Mat mat, ReadOnlySpan<long> sizes, ReadOnlySpan<long> strides, long first = 0) =>
        aten.Blob(Address(mat.Mem) + (first * mat.Type.Size()), TypeOf(mat), sizes, strides);

    /// <summary>All elements of a contiguous matrix as one dimension.</summary>
    public TorchTensor Vector(Mat mat) => aten.Blob(Address(mat.Mem), TypeOf(mat), [mat.Count], [1]);

    /// <summary>A matrix read down its columns.</summary>
    public TorchTensor Transposed(Mat mat) => View(mat, [mat.Cols, mat.Rows], [1, Math.Max(1, mat.Ld)]);

    /// <summary>[rows, heads, dim]; <paramref name="first"/> columns into each head, <paramref name="dim"/> of them.</summary>
    public TorchTensor View(Heads heads, int first, int dim) => View(
        heads.Mat, [heads.Rows, heads.Count, dim], [Math.Max(1, heads.Mat.Ld), heads.Stride, 1], heads.First + first);

    public TorchTensor View(Heads heads) => View(heads, 0, heads.Dim);

    public void Write(Mem destination, ReadOnlySpan<byte> source)
    {
        if (source.IsEmpty)
        {
            return;
        }

        if (aten.IsHost)
        {
            source.CopyTo(new Span<byte>(Address(destination), source.Length));
        }
        else
        {
            using Aten.Scope scope = aten.Open();
            TorchTensor staged = aten.NewPinned(aten.Imports.U8, source.Length);
            source.CopyTo(new Span<byte>(aten.Data(staged), source.Length));
            aten.Copy(aten.Blob(Address(destination), aten.Imports.U8, [source.Length], [1]), staged, waits: false);
        }

        if (!isSeen && source.Length <= LargestTable)
        {
            written[(destination.Slab, destination.Offset)] = source.ToArray();
        }
    }

    /// <summary>Waits until the device has come so far.</summary>
    public ReadOnlySpan<byte> Read(Mem source)
    {
        HostReads++;
        int length = checked((int)source.Bytes);
        if (aten.IsHost)
        {
            return new ReadOnlySpan<byte>(Address(source), length);
        }

        byte[] bytes = new byte[length];
        using Aten.Scope scope = aten.Open();
        fixed (byte* p = bytes)
        {
            if (length > 0)
            {
                aten.Copy(
                    aten.Blob(p, aten.Imports.U8, [length], [1], onHost: true), aten.Blob(Address(source), aten.Imports.U8, [length], [1]));
            }
        }

        return bytes;
    }

    /// <summary>The indices of a contiguous table, as the host wrote them; read back where the device made them itself.</summary>
    public ReadOnlySpan<int> Indices(Mat table)
    {
        if (isSeen)
        {
            return new ReadOnlySpan<int>(Address(table.Mem), checked((int)table.Count));
        }

        bool known = written.TryGetValue((table.Mem.Slab, table.Mem.Offset), out byte[]? bytes) && bytes.Length >= table.Mem.Bytes;
        return MemoryMarshal.Cast<byte, int>(known ? bytes.AsSpan(0, (int)table.Mem.Bytes) : Read(table.Mem));
    }

    /// <summary>An operation has written here.</summary>
    public void Changed(Mat mat) => written.Remove((mat.Mem.Slab, mat.Mem.Offset));

    public void Dispose()
    {
        for (int slab = 0; slab < slabs.Count; slab++)
        {
            FreeSlab(slab, 0);
        }
    }

    private const int LargestTable = 1 << 20;

    private int TypeOf(Mat mat) => mat.Type switch
    {
        DType.F32 => aten.Imports.F32,
        DType.F64 => aten.Imports.F64,
        DType.BF16 => aten.Imports.BF16,
        _ => aten.Imports.I32,
    };
}
