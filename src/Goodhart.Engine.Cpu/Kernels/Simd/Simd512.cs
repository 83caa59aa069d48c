using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;
using V = System.Runtime.Intrinsics.Vector512<float>;

namespace Goodhart.Engine.Cpu;

/// <summary>AVX-512.</summary>
internal readonly unsafe struct Simd512 : ISimd<V>
{
    private const MethodImplOptions Inline = MethodImplOptions.AggressiveInlining;

    public static int Width => 16;

    [MethodImpl(Inline)]
    public static V Broadcast(float value) => Vector512.Create(value);

    [MethodImpl(Inline)]
    public static V Load(float* source) => Vector512.Load(source);

    [MethodImpl(Inline)]
    public static void Store(float* target, V value) => Vector512.Store(value, target);

    [MethodImpl(Inline)]
    public static V LoadPart(float* source, int count) => Avx512F.MaskLoad(source, First(count), V.Zero);

    [MethodImpl(Inline)]
    public static void StorePart(float* target, V value, int count) => Avx512F.MaskStore(target, First(count), value);

    [MethodImpl(Inline)]
    public static V Add(V a, V b) => a + b;

    [MethodImpl(Inline)]
    public static V Sub(V a, V b) => a - b;

    [MethodImpl(Inline)]
    public static V Mul(V a, V b) => a * b;

    [MethodImpl(Inline)]
    public static V Div(V a, V b) => a / b;

    [MethodImpl(Inline)]
    public static V Fma(V a, V b, V c) => Avx512F.FusedMultiplyAdd(a, b, c);

    [MethodImpl(Inline)]
    public static V Fnma(V a, V b, V c) => Avx512F.FusedMultiplyAddNegated(a, b, c);

    [MethodImpl(Inline)]
    public static V Max(V a, V b) => Avx512F.Max(a, b);

    [MethodImpl(Inline)]
    public static V Min(V a, V b) => Avx512F.Min(a, b);

    [MethodImpl(Inline)]
    public static V Abs(V a) => Vector512.Abs(a);

    [MethodImpl(Inline)]
    public static V IfLess(V a, V b, V yes, V no) => Vector512.ConditionalSelect(Vector512.LessThan(a, b), yes, no);

    [MethodImpl(Inline)]
    public static V FirstOr(V a, int count, V rest) => Vector512.ConditionalSelect(First(count), a, rest);

    [MethodImpl(Inline)]
    public static V ToExponent(V a, int addend) => ((a.AsInt32() + Vector512.Create(addend)) << 23).AsSingle();

    [MethodImpl(Inline)]
    public static V SplitExponent(V x, out V mantissa)
    {
        Vector512<int> exponent = (x.AsInt32() - Vector512.Create(VectorMath.RootHalfBits)) >> 23;
        mantissa = (x.AsInt32() - (exponent << 23)).AsSingle();
        return Vector512.ConvertToSingle(exponent);
    }

    [MethodImpl(Inline)]
    public static V RestOfUnit(uint* words)
    {
        // As a float in [1, 2), whose last bit is worth 2^-23; the half of it that an open unit lies further is 2^-24.
        Vector512<uint> bits = (~Vector512.Load(words) >> 9) | Vector512.Create(0x3F800000u);
        return bits.AsSingle() - Vector512.Create(1f - (1f / (1 << 24)));
    }

    [MethodImpl(Inline)]
    public static bool AllLess(V a, V b) => Vector512.LessThanAll(a, b);

    [MethodImpl(Inline)]
    public static void TurnFour(float* source, nint* rows, V scale, float* target, nint ldTarget)
    {
        // Row i, i + 4, i + 8 and i + 12 in one register: turning every quarter then leaves the rows in order.
        V a = Quarters(source, rows);
        V b = Quarters(source, rows + 1);
        V c = Quarters(source, rows + 2);
        V d = Quarters(source, rows + 3);
        Vector512<double> low = Avx512F.UnpackLow(a, b).AsDouble();
        Vector512<double> low2 = Avx512F.UnpackLow(c, d).AsDouble();
        Vector512<double> high = Avx512F.UnpackHigh(a, b).AsDouble();
        Vector512<double> high2 = Avx512F.UnpackHigh(c, d).AsDouble();
        Store(target, scale * Avx512F.UnpackLow(low, low2).AsSingle());
        Store(target + ldTarget, scale * Avx512F.UnpackHigh(low, low2).AsSingle());
        Store(target + (2 * ldTarget), scale * Avx512F.UnpackLow(high, high2).AsSingle());
        Store(target + (3 * ldTarget), scale * Avx512F.UnpackHigh(high, high2).AsSingle());
    }

    [MethodImpl(Inline)]
    public static void Fetch(float* address) => Sse.Prefetch0(address);

    [MethodImpl(Inline)]
    public static float SumLanes(V a) => Simd256.SumLanes(a.GetLower() + a.GetUpper());

    [MethodImpl(Inline)]
    public static float MaxLane(V a) => Simd256.MaxLane(Avx.Max(a.GetLower(), a.GetUpper()));

    [MethodImpl(Inline)]
    private static V Quarters(float* source, nint* rows) => Vector512.Create(
        Vector256.Create(Vector128.Load(source + rows[0]), Vector128.Load(source + rows[4])),
        Vector256.Create(Vector128.Load(source + rows[8]), Vector128.Load(source + rows[12])));

    [MethodImpl(Inline)]
    private static V First(int count) => Vector512.LessThan(Vector512<int>.Indices, Vector512.Create(count)).AsSingle();
}
