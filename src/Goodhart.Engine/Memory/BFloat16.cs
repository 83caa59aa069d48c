using System.Numerics;

namespace Goodhart.Engine;

/// <summary>Numbers of type <see cref="DType.BF16"/> as the host holds them: 16 bits each.</summary>
public static class BFloat16
{
    /// <summary>Rounds to nearest, ties to even; overflow becomes infinity and NaN stays NaN.</summary>
    public static void Encode(ReadOnlySpan<float> source, Span<ushort> destination)
    {
        for (int i = 0; i < source.Length; i++)
        {
            uint bits = BitConverter.SingleToUInt32Bits(source[i]);
            // Adding just under half of the last kept bit, and that bit itself, rounds ties to even. A NaN must not
            // round into infinity: it keeps its sign and becomes quiet.
            uint rounded = (bits + 0x7FFF + ((bits >> 16) & 1)) >> 16;
            destination[i] = float.IsNaN(source[i]) ? (ushort)((bits >> 16) | 0x40) : (ushort)rounded;
        }
    }

    /// <summary>Exactly.</summary>
    public static void Decode(ReadOnlySpan<ushort> source, Span<float> destination)
    {
        int i = 0;
        for (; i <= destination.Length - Vector<ushort>.Count; i += Vector<ushort>.Count)
        {
            Vector.Widen(new Vector<ushort>(source[i..]), out Vector<uint> low, out Vector<uint> high);
            Vector.AsVectorSingle(low << 16).CopyTo(destination[i..]);
            Vector.AsVectorSingle(high << 16).CopyTo(destination[(i + Vector<uint>.Count)..]);
        }

        for (; i < destination.Length; i++)
        {
            destination[i] = BitConverter.UInt32BitsToSingle((uint)source[i] << 16);
        }
    }
}
