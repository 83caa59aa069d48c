using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;
using V = System.Runtime.Intrinsics.Vector256<float>;

namespace Goodhart.Engine.Cpu;

/// <summary>AVX2 with FMA.</summary>
internal readonly unsafe struct Simd256 : ISimd<V>
{
    private const MethodImplOptions Inline = MethodImplOptions.AggressiveInlining;

    public static int Width => 8;

    [MethodImpl(Inline)]
    public static V Broadcast(float value) => Vector256.Create(value);

    [MethodImpl(Inline)]
    public static V Load(float* source) => Vector256.Load(source);

    [MethodImpl(Inline)]
    public static void Store(float* target, V value) => Vector256.Store(value, target);

    [MethodImpl(Inline)]
    public static V LoadPart(float* source, int count) => Avx.MaskLoad(source, First(count));

    [MethodImpl(Inline)]
    public static void StorePart(float* target, V value, int count) => Avx.MaskStore(target, First(count), value);

    [MethodImpl(Inline)]
    public static V Add(V a, V b) => a + b;

    [MethodImpl(Inline)]
    public static V Sub(V a, V b) => a - b;

    [MethodImpl(Inline)]
    public static V Mul(V a, V b) => a * b;

    [MethodImpl(Inline)]
    public static V Div(V a, V b) => a / b;

    [MethodImpl(Inline)]
    public static V Fma(V a, V b, V c) => System.Runtime.Intrinsics.X86.Fma.MultiplyAdd(a, b, c);

    [MethodImpl(Inline)]
    public static V Fnma(V a, V b, V c) => System.Runtime.Intrinsics.X86.Fma.MultiplyAddNegated(a, b, c);

    [MethodImpl(Inline)]
    public static V Max(V a, V b) => Avx.Max(a, b);

    [MethodImpl(Inline)]
    public static V Min(V a, V b) => Avx.Min(a, b);

    [MethodImpl(Inline)]
    public static V Abs(V a) => Vector256.Abs(a);

    [MethodImpl(Inline)]
    public static V IfLess(V a, V b, V yes, V no) => Vector256.ConditionalSelect(Vector256.LessThan(a, b), yes, no);

    [MethodImpl(Inline)]
    public static V FirstOr(V a, int count, V rest) => Vector256.ConditionalSelect(First(count), a, rest);

    [MethodImpl(Inline)]
    public static V ToExponent(V a, int addend) => ((a.AsInt32() + Vector256.Create(addend)) << 23).AsSingle();

    [MethodImpl(Inline)]
    public static V SplitExponent(V x, out V mantissa)
    {
        Vector256<int> exponent = (x.AsInt32() - Vector256.Create(VectorMath.RootHalfBits)) >> 23;
        mantissa = (x.AsInt32() - (exponent << 23)).AsSingle();
        return Vector256.ConvertToSingle(exponent);
    }

    [MethodImpl(Inline)]
    public static V RestOfUnit(uint* words)
    {
        // As a float in [1, 2), whose last bit is worth 2^-23; the half of it that an open unit lies further is 2^-24.
        Vector256<uint> bits = (~Vector256.Load(words) >> 9) | Vector256.Create(0x3F800000u);
        return bits.AsSingle() - Vector256.Create(1f - (1f / (1 << 24)));
    }

    [MethodImpl(Inline)]
    public static bool AllLess(V a, V b) => Vector256.LessThanAll(a, b);

    [MethodImpl(Inline)]
    public static void TurnFour(float* source, nint* rows, V scale, float* target, nint ldTarget)
    {
        V a = Halves(source, rows);
        V b = Halves(source, rows + 1);
        V c = Halves(source, rows + 2);
        V d = Halves(source, rows + 3);
        Vector256<double> low = Avx.UnpackLow(a, b).AsDouble();
        Vector256<double> low2 = Avx.UnpackLow(c, d).AsDouble();
        Vector256<double> high = Avx.UnpackHigh(a, b).AsDouble();
        Vector256<double> high2 = Avx.UnpackHigh(c, d).AsDouble();
        Store(target, scale * Avx.UnpackLow(low, low2).AsSingle());
        Store(target + ldTarget, scale * Avx.UnpackHigh(low, low2).AsSingle());
        Store(target + (2 * ldTarget), scale * Avx.UnpackLow(high, high2).AsSingle());
        Store(target + (3 * ldTarget), scale * Avx.UnpackHigh(high, high2).AsSingle());
    }

    [MethodImpl(Inline)]
    public static void Fetch(float* address) => Sse.Prefetch0(address);

    [MethodImpl(Inline)]
    public static float SumLanes(V a)
    {
        Vector128<float> four = a.GetLower() + a.GetUpper();
        Vector128<float> two = four + Vector128.Shuffle(four, Vector128.Create(2, 3, 0, 1));
        return two[0] + two[1];
    }

    [MethodImpl(Inline)]
    public static float MaxLane(V a)
    {
        Vector128<float> four = Sse.Max(a.GetLower(), a.GetUpper());
        Vector128<float> two = Sse.Max(four, Vector128.Shuffle(four, Vector128.Create(2, 3, 0, 1)));
        return VectorMath.Larger(two[0], two[1]);
    }

    [MethodImpl(Inline)]
    private static V Halves(float* source, nint* rows) =>
        Vector256.Create(Vector128.Load(source + rows[0]), Vector128.Load(source + rows[4]));

    [MethodImpl(Inline)]
    private static V First(int count) => Vector256.LessThan(Vector256<int>.Indices, Vector256.Create(count)).AsSingle();
}
