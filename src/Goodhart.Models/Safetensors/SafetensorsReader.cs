using System.Buffers.Binary;
using System.Diagnostics.CodeAnalysis;
using System.IO.MemoryMappedFiles;
using System.Runtime.InteropServices;

namespace Goodhart.Models.Safetensors;

/// <summary>
/// One safetensors file, memory-mapped. Its header is checked whole when it is opened; values are copied only when asked for.
/// </summary>
/// <remarks>Reads may run side by side. The file must not be cut while it is open.</remarks>
public sealed class SafetensorsReader : IDisposable
{
    /// <summary>Numbers are converted in pieces of this many, so that half-precision files cost no second copy.</summary>
    private const int Piece = 8192;

    private readonly MemoryMappedFile map;
    private readonly long dataStart;
    private readonly Dictionary<string, TensorEntry> byName;

    private SafetensorsReader(string path, MemoryMappedFile map, long dataStart, SafetensorsHeader header)
    {
        Path = path;
        Metadata = header.Metadata;
        Tensors = header.Tensors;
        this.map = map;
        this.dataStart = dataStart;
        byName = header.Tensors.ToDictionary(tensor => tensor.Name, StringComparer.Ordinal);
    }

    public string Path { get; }

    /// <summary>The texts under <c>__metadata__</c>.</summary>
    public IReadOnlyDictionary<string, string> Metadata { get; }

    /// <summary>In the order of their bytes in the file.</summary>
    public IReadOnlyList<TensorEntry> Tensors { get; }

    /// <exception cref="InvalidDataException">The file breaks the format: the message says what was expected and found.</exception>
    public static SafetensorsReader Open(string path)
    {
        if (!BitConverter.IsLittleEndian)
        {
            throw new PlatformNotSupportedException("safetensors files are little-endian; this processor is not.");
        }

        FileStream file = new(path, FileMode.Open, FileAccess.Read, FileShare.Read, bufferSize: 1);
        try
        {
            byte[] json = ReadHeader(path, file);
            long dataStart = sizeof(ulong) + json.Length;
            SafetensorsHeader header = SafetensorsHeader.Parse(path, json, file.Length - dataStart);
            MemoryMappedFile map = MemoryMappedFile.CreateFromFile(
                file, mapName: null, capacity: 0, MemoryMappedFileAccess.Read, HandleInheritability.None, leaveOpen: false);
            return new SafetensorsReader(path, map, dataStart, header);
        }
        catch
        {
            file.Dispose();
            throw;
        }
    }

    public bool TryFind(string name, [NotNullWhen(true)] out TensorEntry? tensor) =>
        byName.TryGetValue(name, out tensor);

    /// <exception cref="InvalidDataException">The file has no tensor of that name.</exception>
    public TensorEntry Find(string name) => byName.TryGetValue(name, out TensorEntry? tensor)
        ? tensor
        : throw new InvalidDataException(
            $"{Path}: expected a tensor '{name}', found {Tensors.Count}: {Listing.Of(Tensors.Select(t => t.Name))}.");

    /// <summary>All values of a tensor as float32, row-major: F16, BF16 and F32 exactly, F64 rounded to nearest.</summary>
    /// <param name="destination">As many elements as the tensor has.</param>
    /// <exception cref="InvalidDataException">No such tensor, or its type is none of these four.</exception>
    public void ReadF32(string name, Span<float> destination)
    {
        TensorEntry tensor = Find(name);
        RequireLength(tensor, tensor.Shape.Elements, destination.Length, "floats");
        ReadF32(tensor, 0, destination);
    }

    /// <summary>Some values of a tensor, likewise.</summary>
    /// <param name="start">The first one.</param>
    /// <inheritdoc cref="ReadF32(string, Span{float})"/>
    public void ReadF32(string name, long start, Span<float> destination)
    {
        TensorEntry tensor = Find(name);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(start + destination.Length, tensor.Shape.Elements, nameof(start));
        ReadF32(tensor, start, destination);
    }

    private void ReadF32(TensorEntry tensor, long first, Span<float> destination)
    {
        if (!tensor.Type.IsReadableAsF32())
        {
            throw new InvalidDataException($"{Path}: tensor '{tensor.Name}': expected F16, BF16, F32 or F64, found {tensor.Type.Name()}.");
        }

        if (destination.IsEmpty)
        {
            return;   // a view of length 0 would mean "to the end of the file"
        }

        int size = tensor.Type.Bits() / 8;
        using MemoryMappedViewStream view = View(tensor, first * size, (long)destination.Length * size);
        Span<byte> buffer = tensor.Type == StorageType.F32 ? [] : new byte[Math.Min(Piece, destination.Length) * size];
        for (int start = 0; start < destination.Length; start += Piece)
        {
            Span<float> part = destination[start..Math.Min(start + Piece, destination.Length)];
            if (tensor.Type == StorageType.F32)
            {
                view.ReadExactly(MemoryMarshal.AsBytes(part));
                continue;
            }

            Span<byte> raw = buffer[..(part.Length * size)];
            view.ReadExactly(raw);
            FloatStorage.Decode(tensor.Type, raw, part);
        }
    }

    /// <summary>The stored bytes of a tensor of any type.</summary>
    public void ReadBytes(string name, Span<byte> destination)
    {
        TensorEntry tensor = Find(name);
        RequireLength(tensor, tensor.Bytes, destination.Length, "bytes");
        if (tensor.Bytes > 0)
        {
            using MemoryMappedViewStream view = View(tensor, 0, tensor.Bytes);
            view.ReadExactly(destination);
        }
    }

    public void Dispose() => this.map.Dispose();

    private static byte[] ReadHeader(string path, FileStream file)
    {
        long length = file.Length;
        Span<byte> prefix = stackalloc byte[sizeof(ulong)];
        if (length < prefix.Length)
        {
            throw new InvalidDataException($"{path}: expected at least 8 bytes (the header's length), found {length}.");
        }

        file.ReadExactly(prefix);
        ulong header = BinaryPrimitives.ReadUInt64LittleEndian(prefix);
        ulong limit = (ulong)Math.Min(SafetensorsHeader.MaxBytes, length - prefix.Length);
        if (header > limit)
        {
            throw new InvalidDataException(
                $"{path}: expected a header of at most {limit} bytes (the file has {length}, the format allows "
                + $"{SafetensorsHeader.MaxBytes}), found a stated length of {header}: not a safetensors file, or cut short.");
        }

        byte[] json = new byte[header];
        file.ReadExactly(json);
        return json;
    }

    private void RequireLength(TensorEntry tensor, long expected, int found, string unit)
    {
        if (expected != found)
        {
            throw new ArgumentException(
                $"{Path}: tensor '{tensor.Name}' {tensor.Shape}: expected a destination of {expected} {unit}, found {found}.");
        }
    }

    private MemoryMappedViewStream View(TensorEntry tensor, long first, long bytes) =>
        this.map.CreateViewStream(this.dataStart + tensor.Begin + first, bytes, MemoryMappedFileAccess.Read);
}
