using System.Buffers;
using System.Buffers.Binary;
using System.Runtime.InteropServices;
using System.Text.Json;

namespace Goodhart.Models.Safetensors;

/// <summary>Writes one safetensors file, tensor by tensor, a part of a tensor at a time.</summary>
public static class SafetensorsWriter
{
    private const int Piece = 8192;

    /// <summary>Elements that are asked for at once.</summary>
    private const int Part = 1 << 20;

    /// <summary>Writes the tensors in the order given; <paramref name="fill"/> is asked for each whole, in that order: memory holds the
    /// largest once.</summary>
    /// <inheritdoc cref="Write(string, IReadOnlyList{TensorSpec}, FillPart, StorageType, IReadOnlyDictionary{string, string}?)"/>
    public static void Write(
        string path,
        IReadOnlyList<TensorSpec> tensors,
        FillTensor fill,
        StorageType type = StorageType.F32,
        IReadOnlyDictionary<string, string>? metadata = null) => Write(path, tensors, InParts(tensors, fill), type, metadata);

    /// <summary>Writes the tensors in the order given; <paramref name="fill"/> is asked for their parts in that order.</summary>
    /// <param name="type">F32, or F16 or BF16 (round to nearest, ties to even).</param>
    /// <param name="metadata">Free texts; <c>{"format":"pt"}</c> when null, which transformers asks for.</param>
    /// <exception cref="ArgumentException">Another type, a name twice, or a name the format reserves.</exception>
    public static void Write(
        string path,
        IReadOnlyList<TensorSpec> tensors,
        FillPart fill,
        StorageType type = StorageType.F32,
        IReadOnlyDictionary<string, string>? metadata = null)
    {
        byte[] header = Header(tensors, type, metadata ?? new Dictionary<string, string> { ["format"] = "pt" });
        float[] values = new float[tensors.Count == 0 ? 0 : Math.Min(Part, tensors.Max(tensor => tensor.Shape.Elements))];
        using FileStream file = new(path, FileMode.Create, FileAccess.Write, FileShare.None, bufferSize: 1);
        Span<byte> prefix = stackalloc byte[sizeof(ulong)];
        BinaryPrimitives.WriteUInt64LittleEndian(prefix, (ulong)header.Length);
        file.Write(prefix);
        file.Write(header);
        foreach (TensorSpec tensor in tensors)
        {
            long start = 0;
            do
            {
                // Cleared, so that a callback that forgets elements never passes on earlier ones.
                Span<float> part = values.AsSpan(0, (int)Math.Min(Part, tensor.Shape.Elements - start));
                part.Clear();
                fill(tensor.Name, start, part);
                WriteValues(file, type, part);
                start += Part;
            }
            while (start < tensor.Shape.Elements);
        }
    }

    /// <summary>Parts of tensors that are made whole, one after the other.</summary>
    public static FillPart InParts(IReadOnlyList<TensorSpec> tensors, FillTensor fill)
    {
        Dictionary<string, int> sizes = new(StringComparer.Ordinal);
        foreach (TensorSpec tensor in tensors)
        {
            sizes[tensor.Name] = checked((int)tensor.Shape.Elements);
        }

        float[] values = new float[sizes.Values.DefaultIfEmpty().Max()];
        string? filled = null;
        return (name, start, part) =>
        {
            if (filled != name)
            {
                Span<float> whole = values.AsSpan(0, sizes[name]);
                whole.Clear();
                fill(name, whole);
                filled = name;
            }

            values.AsSpan((int)start, part.Length).CopyTo(part);
        };
    }

    /// <summary>Bytes a tensor takes in the file, header aside.</summary>
    public static long BytesOf(TensorSpec tensor, StorageType type) => tensor.Shape.Elements * (type.Bits() / 8);

    private static byte[] Header(IReadOnlyList<TensorSpec> tensors, StorageType type, IReadOnlyDictionary<string, string> metadata)
    {
        if (type is not (StorageType.F32 or StorageType.F16 or StorageType.BF16))
        {
            throw new ArgumentException($"expected F32, F16 or BF16 to write, found {type.Name()}", nameof(type));
        }

        ArrayBufferWriter<byte> buffer = new();
        using (Utf8JsonWriter json = new(buffer))
        {
            json.WriteStartObject();
            json.WriteStartObject(SafetensorsHeader.MetadataKey);
            foreach ((string key, string value) in metadata)
            {
                json.WriteString(key, value);
            }

            json.WriteEndObject();
            WriteEntries(json, tensors, type);
            json.WriteEndObject();
        }

        // Readers that map the file want the data on a multiple of eight; the format pads with spaces.
        int padded = (buffer.WrittenCount + 7) / 8 * 8;
        byte[] header = new byte[padded];
        header.AsSpan().Fill((byte)' ');
        buffer.WrittenSpan.CopyTo(header);
        return header;
    }

    private static void WriteEntries(Utf8JsonWriter json, IReadOnlyList<TensorSpec> tensors, StorageType type)
    {
        HashSet<string> names = new(StringComparer.Ordinal) { SafetensorsHeader.MetadataKey };
        long begin = 0;
        foreach (TensorSpec tensor in tensors)
        {
            if (!names.Add(tensor.Name))
            {
                throw new ArgumentException(
                    $"expected each tensor name once and none reserved, found '{tensor.Name}' again", nameof(tensors));
            }

            long end = begin + BytesOf(tensor, type);
            json.WriteStartObject(tensor.Name);
            json.WriteString("dtype", type.Name());
            json.WriteStartArray("shape");
            for (int dimension = 0; dimension < tensor.Shape.Rank; dimension++)
            {
                json.WriteNumberValue(tensor.Shape[dimension]);
            }

            json.WriteEndArray();
            json.WriteStartArray("data_offsets");
            json.WriteNumberValue(begin);
            json.WriteNumberValue(end);
            json.WriteEndArray();
            json.WriteEndObject();
            begin = end;
        }
    }

    private static void WriteValues(FileStream file, StorageType type, ReadOnlySpan<float> values)
    {
        int size = type.Bits() / 8;
        Span<byte> buffer = stackalloc byte[Piece * 2];
        if (type == StorageType.F32)
        {
            file.Write(MemoryMarshal.AsBytes(values));
            return;
        }

        for (int start = 0; start < values.Length; start += Piece)
        {
            ReadOnlySpan<float> part = values[start..Math.Min(start + Piece, values.Length)];
            Span<byte> raw = buffer[..(part.Length * size)];
            FloatStorage.Encode(type, part, raw);
            file.Write(raw);
        }
    }
}
