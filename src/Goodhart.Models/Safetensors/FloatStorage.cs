using System.Buffers.Binary;
using System.Numerics;
using System.Runtime.InteropServices;
using Goodhart.Engine;

namespace Goodhart.Models.Safetensors;

/// <summary>Conversion between stored numbers and float32, in the file's little-endian order.</summary>
public static class FloatStorage
{
    /// <summary>F16, BF16 and F32 exactly; F64 rounded to the nearest float32.</summary>
    /// <param name="source">Exactly as many elements as <paramref name="destination"/>.</param>
    public static void Decode(StorageType type, ReadOnlySpan<byte> source, Span<float> destination)
    {
        switch (type)
        {
            case StorageType.F32:
                source.CopyTo(MemoryMarshal.AsBytes(destination));
                break;
            case StorageType.BF16:
                BFloat16.Decode(MemoryMarshal.Cast<byte, ushort>(source), destination);
                break;
            case StorageType.F16:
                DecodeF16(MemoryMarshal.Cast<byte, ushort>(source), destination);
                break;
            case StorageType.F64:
                DecodeF64(source, destination);
                break;
            default:
                throw new ArgumentException($"expected F16, BF16, F32 or F64 to read as float32, found {type.Name()}", nameof(type));
        }
    }

    /// <summary>Rounds to nearest, ties to even; overflow becomes infinity and NaN stays NaN.</summary>
    public static void Encode(StorageType type, ReadOnlySpan<float> source, Span<byte> destination)
    {
        switch (type)
        {
            case StorageType.F32:
                MemoryMarshal.AsBytes(source).CopyTo(destination);
                break;
            case StorageType.BF16:
                BFloat16.Encode(source, MemoryMarshal.Cast<byte, ushort>(destination));
                break;
            case StorageType.F16:
                EncodeF16(source, MemoryMarshal.Cast<byte, Half>(destination));
                break;
            default:
                throw new ArgumentException($"expected F16, BF16 or F32 to write, found {type.Name()}", nameof(type));
        }
    }

    private static void DecodeF16(ReadOnlySpan<ushort> source, Span<float> destination)
    {
        int i = 0;
        for (; i <= destination.Length - Vector<ushort>.Count; i += Vector<ushort>.Count)
        {
            Vector.Widen(new Vector<ushort>(source[i..]), out Vector<uint> low, out Vector<uint> high);
            WidenF16(low).CopyTo(destination[i..]);
            WidenF16(high).CopyTo(destination[(i + Vector<uint>.Count)..]);
        }

        for (; i < destination.Length; i++)
        {
            destination[i] = (float)BitConverter.UInt16BitsToHalf(source[i]);
        }
    }

    /// <summary>
    /// Exponent and fraction, moved to their float32 places, are the value times 2^-112: one exact multiplication puts that right
    /// for normal and subnormal numbers alike. Infinity and NaN keep their fraction and take float32's largest exponent.
    /// </summary>
    private static Vector<float> WidenF16(Vector<uint> half)
    {
        Vector<uint> magnitude = (half & new Vector<uint>(0x7FFF)) << 13;
        Vector<uint> scaled = Vector.AsVectorUInt32(Vector.AsVectorSingle(magnitude) * new Vector<float>(5.192296858534828e33f));
        Vector<uint> special = Vector.GreaterThanOrEqual(magnitude, new Vector<uint>(0x7C00 << 13));
        Vector<uint> bits = Vector.ConditionalSelect(special, magnitude | new Vector<uint>(0x7F800000), scaled);
        return Vector.AsVectorSingle(bits | ((half & new Vector<uint>(0x8000)) << 16));
    }

    private static void DecodeF64(ReadOnlySpan<byte> source, Span<float> destination)
    {
        for (int i = 0; i < destination.Length; i++)
        {
            destination[i] = (float)BinaryPrimitives.ReadDoubleLittleEndian(source[(8 * i)..]);
        }
    }

    private static void EncodeF16(ReadOnlySpan<float> source, Span<Half> destination)
    {
        for (int i = 0; i < source.Length; i++)
        {
            destination[i] = (Half)source[i];
        }
    }
}
