namespace Goodhart.Text.Parquet.Encodings;

/// <summary>Decodes the values of one physical type. One subtype each for booleans, numbers and text.</summary>
internal abstract class ValueDecoder
{
    public static ValueDecoder For(ParquetScalar scalar) => scalar.Kind switch
    {
        ParquetScalarKind.Boolean => new BooleanDecoder(),
        ParquetScalarKind.Text => new TextDecoder(FixedLength(scalar)),
        ParquetScalarKind.Decimal when scalar.Physical is ParquetPhysicalType.ByteArray or ParquetPhysicalType.FixedLengthByteArray =>
            new DecimalDecoder(FixedLength(scalar), scalar.Scale),
        _ => NumberDecoder.Of(scalar),
    };

    /// <summary>Decodes <paramref name="count"/> values, nulls not among them.</summary>
    /// <exception cref="NotSupportedException">The encoding is not one that this type is read in.</exception>
    public abstract LeafValues Decode(ParquetEncoding encoding, ref PageBytes bytes, int count);

    /// <summary>Places in the dictionary: a byte with their width, then runs.</summary>
    public static DictionaryValues DecodeIndices(LeafValues dictionary, ref PageBytes bytes, int count)
    {
        int[] indices = new int[count];
        if (count > 0)
        {
            int width = bytes.Byte();
            RunLength.Decode(bytes, width, dictionary.Count, indices);
        }

        return new(dictionary, indices);
    }

    private static int? FixedLength(ParquetScalar scalar) =>
        scalar.Physical is ParquetPhysicalType.FixedLengthByteArray ? scalar.Length : null;

    private protected static NotSupportedException NotRead(ParquetEncoding encoding, string values) =>
        new($"{values} in encoding {encoding} are not read");
}
