using System.Numerics;
using Goodhart.Text.Chat.Safety;
using Goodhart.Text.Chat.Values;

namespace Goodhart.Text.Chat.Library;

/// <summary>Sums, products and quotients of numbers, with the signs of remainders as Python has them.</summary>
internal static class Arithmetic
{
    public static object Apply(string sign, object left, object right)
    {
        try
        {
            return Number.Integer(left) is long a && Number.Integer(right) is long b && sign != "/"
                ? (object)Whole(sign, a, b)
                : Real(sign, Number.Real(left), Number.Real(right));
        }
        catch (OverflowException)
        {
            throw Number.TooLarge();
        }
    }

    public static object Negate(object value, string sign) => (sign, value) switch
    {
        (_, Undefined missing) => throw missing.Fault(),
        ("-", double number) => (object)-number,
        ("-", long.MinValue) => throw Number.TooLarge(),
        ("-", long or bool) => -Number.Integer(value)!.Value,
        ("+", double number) => number,
        ("+", long or bool) => Number.Integer(value)!.Value,
        _ => throw TemplateFault.Type($"'{sign}' does not work on {Kinds.Named(value)}"),
    };

    /// <summary>Rounds half to even by the number's exact value, not by its printed digits.</summary>
    public static double Round(double value, long digits)
    {
        if (!double.IsFinite(value) || digits > 323)
        {
            return value;
        }

        if (digits < -308)
        {
            return 0;
        }

        long bits = BitConverter.DoubleToInt64Bits(Math.Abs(value));
        int exponent = (int)(bits >> 52);
        BigInteger numerator = (bits & ((1L << 52) - 1)) | (exponent == 0 ? 0 : 1L << 52);
        int power = Math.Max(exponent, 1) - 1075;
        BigInteger denominator = BigInteger.Pow(2, Math.Max(-power, 0)) * BigInteger.Pow(10, (int)Math.Max(-digits, 0));
        numerator *= BigInteger.Pow(2, Math.Max(power, 0)) * BigInteger.Pow(10, (int)Math.Max(digits, 0));
        BigInteger quotient = BigInteger.DivRem(numerator, denominator, out BigInteger rest);
        int half = (rest * 2).CompareTo(denominator);
        quotient += half > 0 || (half == 0 && !quotient.IsEven) ? 1 : 0;
        string text = FormattableString.Invariant($"{quotient}E{-digits}");
        return Math.CopySign(double.Parse(text, System.Globalization.CultureInfo.InvariantCulture), value);
    }

    private static long Whole(string sign, long a, long b) => sign switch
    {
        "+" => checked(a + b),
        "-" => checked(a - b),
        "*" => checked(a * b),
        "//" => Floor(a, NotZero(b)),
        "%" => NotZero(b) == -1 ? 0 : checked(a - (Floor(a, b) * b)),
        _ => throw TemplateFault.Unsupported($"the operator {sign} is not supported"),
    };

    private static long Floor(long a, long b)
    {
        long quotient = checked(b == -1 ? -a : a / b);
        return b != -1 && a % b != 0 && (a < 0) != (b < 0) ? quotient - 1 : quotient;
    }

    private static long NotZero(long b) => b != 0 ? b : throw ByZero();

    private static TemplateFault ByZero() => new(FaultKind.Arithmetic, "division by zero");

    private static double Real(string sign, double a, double b)
    {
        if (b == 0 && sign is ("/" or "//" or "%"))
        {
            throw ByZero();
        }

        return sign switch
        {
            "+" => a + b,
            "-" => a - b,
            "*" => a * b,
            "/" => a / b,
            "//" => Math.Floor((a - Remainder(a, b)) / b),
            "%" => Remainder(a, b),
            _ => throw TemplateFault.Unsupported($"the operator {sign} is not supported"),
        };
    }

    private static double Remainder(double a, double b)
    {
        double rest = a % b;
        return rest != 0 ? (rest < 0) != (b < 0) ? rest + b : rest : Math.CopySign(0, b);
    }
}
