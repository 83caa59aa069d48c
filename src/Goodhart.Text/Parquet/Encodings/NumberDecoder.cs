using System.Globalization;
using System.Text.Json.Nodes;

namespace Goodhart.Text.Parquet.Encodings;

/// <summary>Numbers of four or eight bytes: little-endian, as differences, or with the bytes of each place together.</summary>
/// <param name="size">Bytes of a number.</param>
/// <param name="toJson">From the stored bits (the low half for four bytes) to a long or a double.</param>
internal sealed class NumberDecoder(int size, bool integers, Func<long, JsonValue> toJson) : ValueDecoder
{
    public static NumberDecoder Of(ParquetScalar scalar) => scalar.Physical switch
    {
        ParquetPhysicalType.Int32 when scalar.Kind is ParquetScalarKind.Decimal =>
            new(4, true, bits => DecimalValue.Of((int)bits, scalar.Scale)),
        ParquetPhysicalType.Int64 when scalar.Kind is ParquetScalarKind.Decimal =>
            new(8, true, bits => DecimalValue.Of(bits, scalar.Scale)),
        ParquetPhysicalType.Int32 when scalar.Unsigned => new(4, true, bits => JsonValue.Create((long)(uint)bits)),
        ParquetPhysicalType.Int32 => new(4, true, bits => JsonValue.Create((long)(int)bits)),
        ParquetPhysicalType.Int64 when scalar.Unsigned =>
            new(8, true, bits => bits >= 0 ? JsonValue.Create(bits) : JsonValue.Create((ulong)bits)),
        ParquetPhysicalType.Int64 => new(8, true, bits => JsonValue.Create(bits)),
        ParquetPhysicalType.Float => new(4, false, bits => Finite(BitConverter.Int32BitsToSingle((int)bits))),
        _ => new(8, false, bits => Finite(BitConverter.Int64BitsToDouble(bits))),
    };

    /// <summary>JSON has no other.</summary>
    private static JsonValue Finite(double number) => double.IsFinite(number)
        ? JsonValue.Create(number) : JsonValue.Create(new CellFault(number.ToString(CultureInfo.InvariantCulture), IsNumber: true))!;

    public override LeafValues Decode(ParquetEncoding encoding, ref PageBytes bytes, int count) => encoding switch
    {
        ParquetEncoding.Plain => new DirectValues<long>(Gather(bytes.Take((long)size * count), count, stride: 1, step: size), toJson),
        ParquetEncoding.ByteStreamSplit =>
            new DirectValues<long>(Gather(bytes.Take((long)size * count), count, stride: count, step: 1), toJson),
        ParquetEncoding.DeltaBinaryPacked when integers =>
            new DirectValues<long>(DeltaBinaryPacked.Decode(ref bytes, count), toJson),
        _ => throw NotRead(encoding, "numbers"),
    };

    /// <summary>Byte b of number i lies at i·step + b·stride.</summary>
    private long[] Gather(ReadOnlySpan<byte> source, int count, int stride, int step)
    {
        long[] numbers = new long[count];
        for (int i = 0; i < count; i++)
        {
            ulong bits = 0;
            for (int place = 0; place < size; place++)
            {
                bits |= (ulong)source[(i * step) + (place * stride)] << (8 * place);
            }

            numbers[i] = (long)bits;
        }

        return numbers;
    }
}
