using System.Runtime.Intrinsics;
using Xunit;

namespace Goodhart.Engine.Cpu.Tests;

/// <summary>The elementary functions against the double library, on every instruction set this processor has.</summary>
public class VectorMathTests
{
    private static readonly Isa[] Available = [.. Enum.GetValues<Isa>().Where(isa => isa <= IsaDetection.Best)];

    private enum Function
    {
        Exp,
        Log,
        Tanh,
        Sigmoid,
        NormalCdf,
        NormalDensity,
    }

    [Fact]
    public void Exp_is_accurate_over_its_range() => CheckRelative(Function.Exp, Math.Exp, Range(-86.9, 88.7, 200_001), 1.5e-7);

    [Fact]
    public void Log_is_accurate_over_its_range() =>
        CheckRelative(
            Function.Log, Math.Log, [.. Range(-86, 88, 100_001).Select(x => (float)Math.Exp(x)), .. Range(0.5, 2, 100_001)], 1.5e-7);

    [Fact]
    public void Tanh_is_accurate() => CheckRelative(Function.Tanh, Math.Tanh, Range(-12, 12, 200_001), 3e-7);

    [Fact]
    public void Sigmoid_is_accurate() => CheckRelative(Function.Sigmoid, x => 1 / (1 + Math.Exp(-x)), Range(-80, 80, 200_001), 3e-7);

    [Fact]
    public void Normal_density_is_accurate() =>
        CheckRelative(Function.NormalDensity, x => Math.Exp(-0.5 * x * x) / Math.Sqrt(2 * Math.PI), Range(-13, 13, 200_001), 3e-7);

    /// <summary>Φ by series and continued fraction: the tail is compared relatively, where 1 + erf would be all cancellation.</summary>
    [Fact]
    public void Normal_cdf_is_accurate_in_both_tails() => CheckRelative(Function.NormalCdf, NormalCdf, Range(-13, 13, 20_001), 8e-7);

    [Fact]
    public void Extremes_stay_in_range_and_nan_stays_nan()
    {
        float[] x = [float.NegativeInfinity, -1e30f, -1e4f, -0f, 0f, 1e4f, 1e30f, float.PositiveInfinity, float.NaN];
        foreach (Isa isa in Available)
        {
            Assert.Equal([0, 0, 0, 1, 1, float.PositiveInfinity, float.PositiveInfinity, float.PositiveInfinity, float.NaN],
                Evaluate(isa, Function.Exp, x));
            Assert.Equal([-1, -1, -1, 0, 0, 1, 1, 1, float.NaN], Evaluate(isa, Function.Tanh, x));
            Assert.Equal(
                [0, 0, 0, 0.5f, 0.5f, 1, 1, 1, float.NaN],
                Evaluate(isa, Function.NormalCdf, x),
                (a, b) => a.Equals(b) || Math.Abs(a - b) < 1e-7);
            Assert.Equal([0, 0, 0, 0.5f, 0.5f, 1, 1, 1, float.NaN], Evaluate(isa, Function.Sigmoid, x));
            float[] log = Evaluate(isa, Function.Log, x);
            Assert.Equal([float.NaN, float.NegativeInfinity, float.PositiveInfinity, float.NaN], [log[1], log[4], log[7], log[8]]);
        }
    }

    [Fact]
    public void Avx2_and_Avx512_give_the_same_bits()
    {
        if (IsaDetection.Best != Isa.Avx512)
        {
            return;
        }

        float[] x = Range(-100, 100, 50_000);
        foreach (Function f in Enum.GetValues<Function>())
        {
            Assert.Equal(Evaluate(Isa.Avx512, f, x), Evaluate(Isa.Avx2, f, x));
        }
    }

    private static void CheckRelative(Function function, Func<double, double> exact, float[] x, double bound)
    {
        foreach (Isa isa in Available)
        {
            float[] y = Evaluate(isa, function, x);
            double worst = 0;
            float at = 0;
            for (int i = 0; i < x.Length; i++)
            {
                double expected = exact(x[i]);
                double error = expected == y[i] || Math.Abs(expected) < 1e-37 ? 0 : Math.Abs((y[i] / expected) - 1);
                (worst, at) = error > worst || double.IsNaN(error) ? (error, x[i]) : (worst, at);
            }

            // Without fused multiply-add the square in exp(−x²/2) stays rounded.
            bool rounds = isa == Isa.Portable && (function is Function.NormalCdf or Function.NormalDensity);
            Assert.True(
                worst < (rounds ? 5e-6 : bound),
                FormattableString.Invariant($"{isa} {function}({at:R}): relative error {worst:E2}"));
        }
    }

    private static float[] Range(double from, double to, int count) =>
        [.. Enumerable.Range(0, count).Select(i => (float)(from + ((to - from) * i / (count - 1))))];

    private static double NormalCdf(double x)
    {
        double a = Math.Abs(x);
        double density = Math.Exp(-0.5 * a * a) / Math.Sqrt(2 * Math.PI);
        double tail;
        if (a < 3)
        {
            double term = a;
            double sum = a;
            for (int k = 1; k < 200; k++)
            {
                term *= a * a / ((2 * k) + 1);
                sum += term;
            }

            tail = 0.5 - (density * sum);
        }
        else
        {
            double fraction = a;
            for (int k = 200; k > 0; k--)
            {
                fraction = a + (k / fraction);
            }

            tail = density / fraction;
        }

        return x < 0 ? tail : 1 - tail;
    }

    private static float[] Evaluate(Isa isa, Function function, float[] x) => isa switch
    {
        Isa.Avx512 => Evaluate<Simd512, Vector512<float>>(function, x),
        Isa.Avx2 => Evaluate<Simd256, Vector256<float>>(function, x),
        _ => Vector128.IsHardwareAccelerated
            ? Evaluate<Simd128, Vector128<float>>(function, x)
            : Evaluate<Simd1, float>(function, x),
    };

    private static unsafe float[] Evaluate<TS, TV>(Function function, float[] x)
        where TS : ISimd<TV>
        where TV : struct
    {
        float[] y = new float[x.Length];
        fixed (float* source = x, target = y)
        {
            for (int i = 0; i < x.Length; i += TS.Width)
            {
                int count = Math.Min(TS.Width, x.Length - i);
                TV v = TS.LoadPart(source + i, count);
                TV density = default;
                TV value = function switch
                {
                    Function.Exp => VectorMath.Exp<TS, TV>(v),
                    Function.Log => VectorMath.Log<TS, TV>(v),
                    Function.Tanh => VectorMath.Tanh<TS, TV>(v),
                    Function.Sigmoid => VectorMath.Sigmoid<TS, TV>(v),
                    _ => VectorMath.NormalCdf<TS, TV>(v, out density),
                };
                TS.StorePart(target + i, function == Function.NormalDensity ? density : value, count);
            }
        }

        return y;
    }
}
