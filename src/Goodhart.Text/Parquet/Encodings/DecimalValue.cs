using System.Globalization;
using System.Numerics;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Goodhart.Text.Parquet.Encodings;

/// <summary>A decimal as a JSON number with all its digits.</summary>
internal static class DecimalValue
{
    /// <param name="unscaled">All digits as a whole number.</param>
    /// <param name="scale">How many of them stand behind the point.</param>
    public static JsonValue Of(BigInteger unscaled, int scale)
    {
        string digits = BigInteger.Abs(unscaled).ToString(CultureInfo.InvariantCulture).PadLeft(scale + 1, '0');
        string text = $"{(unscaled.Sign < 0 ? "-" : "")}{digits[..^scale]}{(scale > 0 ? "." : "")}{digits[^scale..]}";
        return JsonValue.Create(JsonElement.Parse(text))!;
    }

    /// <summary>Stored as bytes: big-endian, two's complement.</summary>
    public static JsonValue Of(byte[] bytes, int scale) => Of(new BigInteger(bytes, isUnsigned: false, isBigEndian: true), scale);
}
