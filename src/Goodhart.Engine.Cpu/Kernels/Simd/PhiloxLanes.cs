using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.Arm;
using System.Runtime.Intrinsics.X86;

namespace Goodhart.Engine.Cpu;

/// <summary>
/// Vectors of 64-bit lanes, one block of Philox in each: of a lane's factors only the lower halves count, so that what a product leaves
/// in the upper half of a word may stay there until the end.
/// </summary>
internal unsafe interface IPhiloxLanes<TW>
    where TW : struct
{
    /// <summary>Blocks in a vector.</summary>
    static abstract int Count { get; }

    /// <summary>Counters from <paramref name="first"/> on, in the order that <see cref="Store"/> takes.</summary>
    static abstract TW Counters(uint first);

    static abstract TW Broadcast(uint value);

    /// <summary>Whole products of the lower halves.</summary>
    static abstract TW Multiply(TW a, TW b);

    /// <summary>a's upper halves, exclusive-or b, exclusive-or c; the result's upper halves are anything.</summary>
    static abstract TW Mix(TW a, TW b, TW c);

    /// <summary>The four words of every block, block by block: 4·Count words.</summary>
    static abstract void Store(uint* target, TW w0, TW w1, TW w2, TW w3);
}

/// <summary>AVX-512: eight blocks.</summary>
internal readonly unsafe struct PhiloxLanes512 : IPhiloxLanes<Vector512<ulong>>
{
    private const MethodImplOptions Inline = MethodImplOptions.AggressiveInlining;

    public static int Count => 8;

    /// <remarks>Unpacking takes one lane of every 128 bits for the first half of the blocks and the other for the second.</remarks>
    [MethodImpl(Inline)]
    public static Vector512<ulong> Counters(uint first) =>
        Vector512.Create((ulong)first) + Vector512.Create(0ul, 4, 1, 5, 2, 6, 3, 7);

    [MethodImpl(Inline)]
    public static Vector512<ulong> Broadcast(uint value) => Vector512.Create((ulong)value);

    [MethodImpl(Inline)]
    public static Vector512<ulong> Multiply(Vector512<ulong> a, Vector512<ulong> b) => Avx512F.Multiply(a.AsUInt32(), b.AsUInt32());

    [MethodImpl(Inline)]
    public static Vector512<ulong> Mix(Vector512<ulong> a, Vector512<ulong> b, Vector512<ulong> c) => (a >> 32) ^ b ^ c;

    [MethodImpl(Inline)]
    public static void Store(uint* target, Vector512<ulong> w0, Vector512<ulong> w1, Vector512<ulong> w2, Vector512<ulong> w3)
    {
        Vector512<ulong> lower = Vector512.Create((ulong)uint.MaxValue);
        Vector512<ulong> front = (w0 & lower) | (w1 << 32);
        Vector512<ulong> back = (w2 & lower) | (w3 << 32);
        Avx512F.UnpackLow(front, back).AsUInt32().Store(target);
        Avx512F.UnpackHigh(front, back).AsUInt32().Store(target + 16);
    }
}

/// <summary>AVX2: four blocks.</summary>
internal readonly unsafe struct PhiloxLanes256 : IPhiloxLanes<Vector256<ulong>>
{
    private const MethodImplOptions Inline = MethodImplOptions.AggressiveInlining;

    public static int Count => 4;

    [MethodImpl(Inline)]
    public static Vector256<ulong> Counters(uint first) => Vector256.Create((ulong)first) + Vector256.Create(0ul, 2, 1, 3);

    [MethodImpl(Inline)]
    public static Vector256<ulong> Broadcast(uint value) => Vector256.Create((ulong)value);

    [MethodImpl(Inline)]
    public static Vector256<ulong> Multiply(Vector256<ulong> a, Vector256<ulong> b) => Avx2.Multiply(a.AsUInt32(), b.AsUInt32());

    [MethodImpl(Inline)]
    public static Vector256<ulong> Mix(Vector256<ulong> a, Vector256<ulong> b, Vector256<ulong> c) => (a >> 32) ^ b ^ c;

    [MethodImpl(Inline)]
    public static void Store(uint* target, Vector256<ulong> w0, Vector256<ulong> w1, Vector256<ulong> w2, Vector256<ulong> w3)
    {
        Vector256<ulong> lower = Vector256.Create((ulong)uint.MaxValue);
        Vector256<ulong> front = (w0 & lower) | (w1 << 32);
        Vector256<ulong> back = (w2 & lower) | (w3 << 32);
        Avx2.UnpackLow(front, back).AsUInt32().Store(target);
        Avx2.UnpackHigh(front, back).AsUInt32().Store(target + 8);
    }
}

/// <summary>SSE or NEON: two blocks.</summary>
internal readonly unsafe struct PhiloxLanes128 : IPhiloxLanes<Vector128<ulong>>
{
    private const MethodImplOptions Inline = MethodImplOptions.AggressiveInlining;

    public static int Count => 2;

    [MethodImpl(Inline)]
    public static Vector128<ulong> Counters(uint first) => Vector128.Create((ulong)first, first + 1ul);

    [MethodImpl(Inline)]
    public static Vector128<ulong> Broadcast(uint value) => Vector128.Create((ulong)value);

    [MethodImpl(Inline)]
    public static Vector128<ulong> Multiply(Vector128<ulong> a, Vector128<ulong> b)
    {
        if (Sse2.IsSupported)
        {
            return Sse2.Multiply(a.AsUInt32(), b.AsUInt32());
        }

        return AdvSimd.IsSupported
            ? AdvSimd.MultiplyWideningLower(AdvSimd.ExtractNarrowingLower(a), AdvSimd.ExtractNarrowingLower(b))
            : Vector128.Create((ulong)(uint)a[0] * (uint)b[0], (ulong)(uint)a[1] * (uint)b[1]);
    }

    [MethodImpl(Inline)]
    public static Vector128<ulong> Mix(Vector128<ulong> a, Vector128<ulong> b, Vector128<ulong> c) => (a >> 32) ^ b ^ c;

    [MethodImpl(Inline)]
    public static void Store(uint* target, Vector128<ulong> w0, Vector128<ulong> w1, Vector128<ulong> w2, Vector128<ulong> w3)
    {
        Vector128<ulong> lower = Vector128.Create((ulong)uint.MaxValue);
        Vector128<ulong> front = (w0 & lower) | (w1 << 32);
        Vector128<ulong> back = (w2 & lower) | (w3 << 32);
        Vector128.Create(front[0], back[0]).AsUInt32().Store(target);
        Vector128.Create(front[1], back[1]).AsUInt32().Store(target + 4);
    }
}
