using System.Runtime.CompilerServices;
using Goodhart.Engine.Randomness;

namespace Goodhart.Engine.Cpu;

/// <summary>One number at a time: for a runtime whose vectors are not accelerated, where imitating them would be far slower.</summary>
internal readonly unsafe struct Simd1 : ISimd<float>
{
    private const MethodImplOptions Inline = MethodImplOptions.AggressiveInlining;

    public static int Width => 1;

    [MethodImpl(Inline)]
    public static float Broadcast(float value) => value;

    [MethodImpl(Inline)]
    public static float Load(float* source) => *source;

    [MethodImpl(Inline)]
    public static void Store(float* target, float value) => *target = value;

    [MethodImpl(Inline)]
    public static float LoadPart(float* source, int count) => count == 0 ? 0 : *source;

    [MethodImpl(Inline)]
    public static void StorePart(float* target, float value, int count)
    {
        if (count != 0)
        {
            *target = value;
        }
    }

    [MethodImpl(Inline)]
    public static float Add(float a, float b) => a + b;

    [MethodImpl(Inline)]
    public static float Sub(float a, float b) => a - b;

    [MethodImpl(Inline)]
    public static float Mul(float a, float b) => a * b;

    [MethodImpl(Inline)]
    public static float Div(float a, float b) => a / b;

    [MethodImpl(Inline)]
    public static float Fma(float a, float b, float c) => (a * b) + c;

    [MethodImpl(Inline)]
    public static float Fnma(float a, float b, float c) => c - (a * b);

    [MethodImpl(Inline)]
    public static float Max(float a, float b) => a > b ? a : b;

    [MethodImpl(Inline)]
    public static float Min(float a, float b) => a < b ? a : b;

    [MethodImpl(Inline)]
    public static float Abs(float a) => MathF.Abs(a);

    [MethodImpl(Inline)]
    public static float IfLess(float a, float b, float yes, float no) => a < b ? yes : no;

    [MethodImpl(Inline)]
    public static float FirstOr(float a, int count, float rest) => count > 0 ? a : rest;

    [MethodImpl(Inline)]
    public static float ToExponent(float a, int addend) =>
        BitConverter.Int32BitsToSingle((BitConverter.SingleToInt32Bits(a) + addend) << 23);

    [MethodImpl(Inline)]
    public static float SplitExponent(float x, out float mantissa)
    {
        int bits = BitConverter.SingleToInt32Bits(x);
        int exponent = (bits - VectorMath.RootHalfBits) >> 23;
        mantissa = BitConverter.Int32BitsToSingle(bits - (exponent << 23));
        return exponent;
    }

    [MethodImpl(Inline)]
    public static float RestOfUnit(uint* words) => 1 - Philox.OpenUnit(*words);

    [MethodImpl(Inline)]
    public static bool AllLess(float a, float b) => a < b;

    public static void TurnFour(float* source, nint* rows, float scale, float* target, nint ldTarget)
    {
        for (int j = 0; j < 4; j++)
        {
            target[j * ldTarget] = scale * source[rows[0] + j];
        }
    }

    public static void Fetch(float* address)
    {
        // Nothing to do it with.
    }

    [MethodImpl(Inline)]
    public static float SumLanes(float a) => a;

    [MethodImpl(Inline)]
    public static float MaxLane(float a) => a;
}
