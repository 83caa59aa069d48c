using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.Arm;
using System.Runtime.Intrinsics.X86;
using V = System.Runtime.Intrinsics.Vector128<float>;

namespace Goodhart.Engine.Cpu;

/// <summary>What any accelerated runtime has: SSE or NEON.</summary>
internal readonly unsafe struct Simd128 : ISimd<V>
{
    private const MethodImplOptions Inline = MethodImplOptions.AggressiveInlining;

    public static int Width => 4;

    [MethodImpl(Inline)]
    public static V Broadcast(float value) => Vector128.Create(value);

    [MethodImpl(Inline)]
    public static V Load(float* source) => Vector128.Load(source);

    [MethodImpl(Inline)]
    public static void Store(float* target, V value) => Vector128.Store(value, target);

    public static V LoadPart(float* source, int count)
    {
        V part = default;
        Unsafe.CopyBlockUnaligned(&part, source, (uint)(count * sizeof(float)));
        return part;
    }

    public static void StorePart(float* target, V value, int count) =>
        Unsafe.CopyBlockUnaligned(target, &value, (uint)(count * sizeof(float)));

    [MethodImpl(Inline)]
    public static V Add(V a, V b) => a + b;

    [MethodImpl(Inline)]
    public static V Sub(V a, V b) => a - b;

    [MethodImpl(Inline)]
    public static V Mul(V a, V b) => a * b;

    [MethodImpl(Inline)]
    public static V Div(V a, V b) => a / b;

    [MethodImpl(Inline)]
    public static V Fma(V a, V b, V c) => AdvSimd.IsSupported ? AdvSimd.FusedMultiplyAdd(c, a, b) : (a * b) + c;

    [MethodImpl(Inline)]
    public static V Fnma(V a, V b, V c) => AdvSimd.IsSupported ? AdvSimd.FusedMultiplySubtract(c, a, b) : c - (a * b);

    [MethodImpl(Inline)]
    public static V Max(V a, V b) => Vector128.ConditionalSelect(Vector128.GreaterThan(a, b), a, b);

    [MethodImpl(Inline)]
    public static V Min(V a, V b) => Vector128.ConditionalSelect(Vector128.LessThan(a, b), a, b);

    [MethodImpl(Inline)]
    public static V Abs(V a) => Vector128.Abs(a);

    [MethodImpl(Inline)]
    public static V IfLess(V a, V b, V yes, V no) => Vector128.ConditionalSelect(Vector128.LessThan(a, b), yes, no);

    [MethodImpl(Inline)]
    public static V FirstOr(V a, int count, V rest) => Vector128.ConditionalSelect(First(count), a, rest);

    [MethodImpl(Inline)]
    public static V ToExponent(V a, int addend) => ((a.AsInt32() + Vector128.Create(addend)) << 23).AsSingle();

    [MethodImpl(Inline)]
    public static V SplitExponent(V x, out V mantissa)
    {
        Vector128<int> exponent = (x.AsInt32() - Vector128.Create(VectorMath.RootHalfBits)) >> 23;
        mantissa = (x.AsInt32() - (exponent << 23)).AsSingle();
        return Vector128.ConvertToSingle(exponent);
    }

    [MethodImpl(Inline)]
    public static V RestOfUnit(uint* words)
    {
        // As a float in [1, 2), whose last bit is worth 2^-23; the half of it that an open unit lies further is 2^-24.
        Vector128<uint> bits = (~Vector128.Load(words) >> 9) | Vector128.Create(0x3F800000u);
        return bits.AsSingle() - Vector128.Create(1f - (1f / (1 << 24)));
    }

    [MethodImpl(Inline)]
    public static bool AllLess(V a, V b) => Vector128.LessThanAll(a, b);

    public static void TurnFour(float* source, nint* rows, V scale, float* target, nint ldTarget)
    {
        for (int j = 0; j < 4; j++)
        {
            float* column = source + j;
            Store(target + (j * ldTarget), scale * Vector128.Create(column[rows[0]], column[rows[1]], column[rows[2]], column[rows[3]]));
        }
    }

    [MethodImpl(Inline)]
    public static void Fetch(float* address)
    {
        if (Sse.IsSupported)
        {
            Sse.Prefetch0(address);
        }
    }

    [MethodImpl(Inline)]
    public static float SumLanes(V a) => (a[0] + a[2]) + (a[1] + a[3]);

    [MethodImpl(Inline)]
    public static float MaxLane(V a) => VectorMath.Larger(VectorMath.Larger(a[0], a[2]), VectorMath.Larger(a[1], a[3]));

    [MethodImpl(Inline)]
    private static V First(int count) => Vector128.LessThan(Vector128<int>.Indices, Vector128.Create(count)).AsSingle();
}
