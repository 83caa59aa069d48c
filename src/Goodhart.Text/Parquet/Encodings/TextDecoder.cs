using System.Text;
using System.Text.Json.Nodes;

namespace Goodhart.Text.Parquet.Encodings;

/// <summary>Texts. Bytes that are none are told when the value is asked for: nobody may need it.</summary>
internal sealed class TextDecoder(int? fixedLength) : BytesDecoder<string?>(fixedLength)
{
    private static readonly UTF8Encoding Strict = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    private protected override string? Value(ReadOnlySpan<byte> bytes)
    {
        try
        {
            return Strict.GetString(bytes);
        }
        catch (DecoderFallbackException)
        {
            return null;
        }
    }

    private protected override JsonValue ToJson(string? value) =>
        value is null ? JsonValue.Create(CellFault.BrokenText)! : JsonValue.Create(value);
}

/// <summary>Decimals that are stored as bytes.</summary>
internal sealed class DecimalDecoder(int? fixedLength, int scale) : BytesDecoder<byte[]>(fixedLength)
{
    private protected override byte[] Value(ReadOnlySpan<byte> bytes) => bytes.Length <= ParquetLimits.DecimalBytes
        ? bytes.ToArray() : throw new InvalidDataException($"a decimal of {bytes.Length} bytes; {ParquetLimits.DecimalBytes} are allowed");

    private protected override JsonValue ToJson(byte[] value) => DecimalValue.Of(value, scale);
}
