using System.Globalization;

namespace Goodhart.Report.Text;

/// <summary>How the report writes numbers: one way for each kind of quantity, the same on every machine. The minus sign is
/// U+2212.</summary>
public static class Numbers
{
    /// <summary>What stands where there is no value.</summary>
    public const string None = "–";

    public static string Fixed(double? value, int decimals)
    {
        if (value is not { } number || !double.IsFinite(number))
        {
            return None;
        }

        string format = "F" + decimals.ToString(CultureInfo.InvariantCulture);
        return Signed(Math.Round(number, decimals, MidpointRounding.AwayFromZero) == 0 ? 0 : number, format);
    }

    /// <summary>A rate with its standard error: 0.512 ± 0.024.</summary>
    public static string WithError(double? value, double? standardError, int decimals = 3) =>
        value is null || standardError is null ? Fixed(value, decimals) : $"{Fixed(value, decimals)} ± {Fixed(standardError, decimals)}";

    /// <summary>Three significant digits: for coefficients, whose size is not known beforehand.</summary>
    public static string Significant(double? value)
    {
        if (value is not { } number || !double.IsFinite(number))
        {
            return None;
        }

        int size = number == 0 ? 0 : (int)Math.Floor(Math.Log10(Math.Abs(number)));
        return size is < -5 or > 6 ? Signed(number, "0.##E+0") : Fixed(number, Math.Max(0, 2 - size));
    }

    /// <summary>An estimate to two digits of its standard error: 0.140 ± 0.011.</summary>
    public static string Measured(double value, double? standardError)
    {
        if (standardError is not { } error || !double.IsFinite(error) || error <= 0)
        {
            return Significant(value);
        }

        int decimals = Math.Clamp(1 - (int)Math.Floor(Math.Log10(error)), 0, 8);
        return WithError(value, error, decimals);
    }

    /// <summary>A share in whole per cent: 40 %.</summary>
    public static string Percent(double share) => Fixed(100 * share, 0) + " %";

    /// <summary>As few digits as show the value: for settings that a person typed (β 0.05).</summary>
    public static string Setting(double? value) => value is { } number ? Signed(number, "0.######") : None;

    public static string Count(double value) => value.ToString("#,0", CultureInfo.InvariantCulture).Replace(',', '\u2009');

    public static string Seconds(double seconds) => seconds switch
    {
        < 1 => Fixed(seconds, 2) + " s",
        < 90 => Fixed(seconds, 0) + " s",
        < 5400 => string.Create(CultureInfo.InvariantCulture, $"{Math.Floor(seconds / 60):0} min {Math.Floor(seconds % 60):00} s"),
        _ => string.Create(CultureInfo.InvariantCulture, $"{Math.Floor(seconds / 3600):0} h {Math.Floor(seconds / 60 % 60):00} min"),
    };

    public static string Bytes(long bytes) => bytes switch
    {
        < 1L << 20 => Fixed(bytes / 1024.0, 0) + " KiB",
        < 1L << 30 => Fixed(bytes / 1048576.0, 0) + " MiB",
        _ => Fixed(bytes / 1073741824.0, 2) + " GiB",
    };

    /// <summary>Floating-point operations: 1.32×10¹⁴.</summary>
    public static string Flops(double flops)
    {
        if (flops < 1000)
        {
            return Fixed(flops, 0);
        }

        int exponent = (int)Math.Floor(Math.Log10(flops));
        string power = string.Concat(exponent.ToString(CultureInfo.InvariantCulture).Select(d => "⁰¹²³⁴⁵⁶⁷⁸⁹"[d - '0']));
        return $"{Fixed(flops / Math.Pow(10, exponent), 2)}×10{power}";
    }

    private static string Signed(double value, string format) => value.ToString(format, CultureInfo.InvariantCulture).Replace('-', '−');
}
