using System.Globalization;
using Goodhart.Text.Chat.Safety;

namespace Goodhart.Text.Chat.Values;

/// <summary>Numbers: whole ones of 64 bits, floats, and truth values, which count as 0 and 1.</summary>
internal static class Number
{
    public static long? Integer(object value) => value switch
    {
        long number => number,
        bool truth => truth ? 1 : 0,
        _ => null,
    };

    public static double Real(object value) => value is double number ? number : Integer(value)!.Value;

    public static bool Is(object value) => value is long or double or bool;

    public static TemplateFault TooLarge() => new(FaultKind.Arithmetic, "a whole number beyond 64 bits is not supported");

    /// <summary>The shortest digits that read back as the number, written as Python writes them.</summary>
    public static string Text(double number)
    {
        if (!double.IsFinite(number))
        {
            return double.IsNaN(number) ? "nan" : number > 0 ? "inf" : "-inf";
        }

        string plain = number.ToString("R", CultureInfo.InvariantCulture);
        string sign = double.IsNegative(number) ? "-" : "";
        if (number == 0)
        {
            return sign + "0.0";
        }

        (string digits, int exponent) = Digits(plain.TrimStart('-'));
        if (exponent is >= -4 and < 16)
        {
            return sign + Fixed(digits, exponent);
        }

        string fraction = digits.Length > 1 ? $".{digits[1..]}" : "";
        string power = Math.Abs(exponent).ToString("00", CultureInfo.InvariantCulture);
        return $"{sign}{digits[0]}{fraction}e{(exponent < 0 ? '-' : '+')}{power}";
    }

    /// <summary>Significant digits, and the power of ten of the first.</summary>
    private static (string Digits, int Exponent) Digits(string plain)
    {
        int e = plain.IndexOf('E', StringComparison.Ordinal);
        int power = e < 0 ? 0 : int.Parse(plain[(e + 1)..], NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture);
        string mantissa = e < 0 ? plain : plain[..e];
        int point = mantissa.IndexOf('.', StringComparison.Ordinal);
        int whole = point < 0 ? mantissa.Length : point;
        string digits = mantissa.Replace(".", "", StringComparison.Ordinal);
        int leading = digits.Length - digits.TrimStart('0').Length;
        return (digits[leading..].TrimEnd('0'), power + whole - 1 - leading);
    }

    private static string Fixed(string digits, int exponent)
    {
        if (exponent < 0)
        {
            return $"0.{new string('0', -exponent - 1)}{digits}";
        }

        string padded = digits.PadRight(exponent + 1, '0');
        string fraction = padded[(exponent + 1)..];
        return $"{padded[..(exponent + 1)]}.{(fraction.Length == 0 ? "0" : fraction)}";
    }
}
