using System.Runtime.CompilerServices;

namespace Goodhart.Engine.Cpu;

/// <summary>
/// Elementary functions on vectors, accurate to about 2 units in the last place. AVX-512 and AVX2 give the same bits: both fuse the
/// same multiplications. NaN stays NaN.
/// </summary>
/// <remarks>exp, log and tanh use the polynomials of the Cephes library's single-precision functions; the normal tail is our own
/// Chebyshev fit (relative error 1e-7).</remarks>
internal static class VectorMath
{
    /// <summary>Bits of √½: the lower end of <see cref="ISimd{TV}.SplitExponent"/>'s mantissa.</summary>
    public const int RootHalfBits = 0x3F3504F3;

    private const MethodImplOptions Inline = MethodImplOptions.AggressiveInlining;

    // ln 2 in two parts: multiples of the first part are exact.
    private const float Ln2High = 0.693359375f;
    private const float Ln2Low = -2.12194440e-4f;

    [MethodImpl(Inline)]
    public static float Larger(float a, float b) => a > b ? a : b;

    /// <summary>e^x: 0 below about −87 (no subnormals), +∞ above 88.73; relative error below 1.5e-7 between.</summary>
    [MethodImpl(Inline)]
    public static TV Exp<TS, TV>(TV x)
        where TS : ISimd<TV>
        where TV : struct
    {
        // 1.5 · 2^23: adding it rounds to an integer, which then stands in the low bits.
        TV magic = TS.Broadcast(12582912f);
        x = TS.Min(TS.Broadcast(88.8f), TS.Max(TS.Broadcast(-87.4f), x));
        TV rounded = TS.Fma(x, TS.Broadcast(1.44269504f), magic);
        TV n = TS.Sub(rounded, magic);
        TV r = TS.Fnma(n, TS.Broadcast(Ln2High), x);
        r = TS.Fnma(n, TS.Broadcast(Ln2Low), r);
        TV p = TS.Fma(TS.Broadcast(1.9875691500e-4f), r, TS.Broadcast(1.3981999507e-3f));
        p = TS.Fma(p, r, TS.Broadcast(8.3334519073e-3f));
        p = TS.Fma(p, r, TS.Broadcast(4.1665795894e-2f));
        p = TS.Fma(p, r, TS.Broadcast(1.6666665459e-1f));
        p = TS.Fma(p, r, TS.Broadcast(5.0000001201e-1f));
        p = TS.Add(TS.Fma(p, TS.Mul(r, r), r), TS.Broadcast(1f));

        // 2^n = 2 · 2^(n−1): so that n = 128 has an exponent, and n = −126 becomes 0.
        return TS.Mul(TS.Add(p, p), TS.ToExponent(rounded, 126));
    }

    /// <summary>ln x: −∞ at 0 and for subnormals, NaN below 0; relative error below 1.5e-7.</summary>
    [MethodImpl(Inline)]
    public static TV Log<TS, TV>(TV x)
        where TS : ISimd<TV>
        where TV : struct
    {
        TV e = TS.SplitExponent(x, out TV mantissa);
        TV f = TS.Sub(mantissa, TS.Broadcast(1f));
        TV square = TS.Mul(f, f);
        TV p = TS.Fma(TS.Broadcast(7.0376836292e-2f), f, TS.Broadcast(-1.1514610310e-1f));
        p = TS.Fma(p, f, TS.Broadcast(1.1676998740e-1f));
        p = TS.Fma(p, f, TS.Broadcast(-1.2420140846e-1f));
        p = TS.Fma(p, f, TS.Broadcast(1.4249322787e-1f));
        p = TS.Fma(p, f, TS.Broadcast(-1.6668057665e-1f));
        p = TS.Fma(p, f, TS.Broadcast(2.0000714765e-1f));
        p = TS.Fma(p, f, TS.Broadcast(-2.4999993993e-1f));
        p = TS.Fma(p, f, TS.Broadcast(3.3333331174e-1f));
        p = TS.Mul(p, TS.Mul(f, square));
        p = TS.Fma(e, TS.Broadcast(Ln2Low), p);
        p = TS.Fnma(square, TS.Broadcast(0.5f), p);
        TV log = TS.Fma(e, TS.Broadcast(Ln2High), TS.Add(f, p));

        TV below = TS.IfLess(x, TS.Broadcast(0f), TS.Broadcast(float.NaN), TS.Broadcast(float.NegativeInfinity));
        TV finite = TS.IfLess(x, TS.Broadcast(1.17549435e-38f), below, log);
        return TS.IfLess(x, TS.Broadcast(float.PositiveInfinity), finite, x);
    }

    /// <summary>tanh x, relative error below 3e-7.</summary>
    [MethodImpl(Inline)]
    public static TV Tanh<TS, TV>(TV x)
        where TS : ISimd<TV>
        where TV : struct
    {
        TV one = TS.Broadcast(1f);
        TV a = TS.Abs(x);
        TV e = Exp<TS, TV>(TS.Add(a, a));
        TV large = TS.Sub(one, TS.Div(TS.Broadcast(2f), TS.Add(e, one)));
        large = TS.IfLess(x, TS.Broadcast(0f), TS.Sub(TS.Broadcast(0f), large), large);

        TV z = TS.Mul(x, x);
        TV p = TS.Fma(TS.Broadcast(-5.70498872745e-3f), z, TS.Broadcast(2.06390887954e-2f));
        p = TS.Fma(p, z, TS.Broadcast(-5.37397155531e-2f));
        p = TS.Fma(p, z, TS.Broadcast(1.33314422036e-1f));
        p = TS.Fma(p, z, TS.Broadcast(-3.33332819422e-1f));
        TV small = TS.Fma(TS.Mul(p, z), x, x);
        return TS.IfLess(a, TS.Broadcast(0.625f), small, large);
    }

    /// <summary>1/(1 + e^−x), relative error below 3e-7 where it is not tiny.</summary>
    [MethodImpl(Inline)]
    public static TV Sigmoid<TS, TV>(TV x)
        where TS : ISimd<TV>
        where TV : struct
    {
        TV one = TS.Broadcast(1f);
        return TS.Div(one, TS.Add(one, Exp<TS, TV>(TS.Sub(TS.Broadcast(0f), x))));
    }

    /// <summary>Φ(x) = (1 + erf(x/√2))/2, relative error below 1e-6 also in the left tail, and its derivative φ(x).</summary>
    [MethodImpl(Inline)]
    public static TV NormalCdf<TS, TV>(TV x, out TV density)
        where TS : ISimd<TV>
        where TV : struct
    {
        TV one = TS.Broadcast(1f);
        TV a = TS.Min(TS.Broadcast(20f), TS.Abs(x));
        TV square = TS.Mul(a, a);

        // What rounding the square lost would be a relative error of exp(−a²/2): it is put back to first order.
        TV lost = TS.Fma(a, a, TS.Sub(TS.Broadcast(0f), square));
        TV e = Exp<TS, TV>(TS.Mul(square, TS.Broadcast(-0.5f)));
        e = TS.Fnma(TS.Mul(e, TS.Broadcast(0.5f)), lost, e);
        density = TS.Mul(e, TS.Broadcast(0.398942280f));

        // Φ(−a)/exp(−a²/2) as a polynomial in t.
        TV t = TS.Div(one, TS.Fma(a, TS.Broadcast(0.35f), one));
        TV p = TS.Fma(TS.Broadcast(-0.02890033647418022f), t, TS.Broadcast(0.14286495745182037f));
        p = TS.Fma(p, t, TS.Broadcast(-0.2536214590072632f));
        p = TS.Fma(p, t, TS.Broadcast(0.1570160686969757f));
        p = TS.Fma(p, t, TS.Broadcast(-0.021789604797959328f));
        p = TS.Fma(p, t, TS.Broadcast(0.1050199568271637f));
        p = TS.Fma(p, t, TS.Broadcast(0.11993885785341263f));
        p = TS.Fma(p, t, TS.Broadcast(0.13984952867031097f));
        p = TS.Fma(p, t, TS.Broadcast(0.13962198793888092f));
        TV tail = TS.Mul(TS.Mul(p, t), e);
        return TS.IfLess(x, TS.Broadcast(0f), tail, TS.Sub(one, tail));
    }
}
