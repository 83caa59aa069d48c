using Goodhart.Text.Parquet.Metadata;

namespace Goodhart.Text.Parquet.Schema;

/// <summary>Decides how a leaf's values appear, from its physical type and its annotation.</summary>
internal static class ScalarBuilder
{
    public static ParquetType Build(SchemaNode node, int definition, int repetition)
    {
        if (node.Element.PhysicalType is not (>= 0 and <= 7))
        {
            throw new InvalidDataException($"the schema gives '{node.Path}' neither fields nor a known type");
        }

        ParquetPhysicalType physical = (ParquetPhysicalType)node.Element.PhysicalType;
        Annotation annotation = node.Element.Annotation;
        if (Kind(physical, annotation) is not { } kind)
        {
            string meaning = annotation is Annotation.None ? string.Empty : $" annotated {annotation}";
            return new ParquetUnreadable($"'{node.Path}' is {physical}{meaning}, which is not read");
        }

        int length = physical is ParquetPhysicalType.FixedLengthByteArray ? node.Element.TypeLength : 0;
        if (length < 0 || (length == 0 && physical is ParquetPhysicalType.FixedLengthByteArray))
        {
            throw new InvalidDataException($"the schema gives '{node.Path}' a fixed length of {length} bytes");
        }

        if (kind is ParquetScalarKind.Decimal && node.Element.Scale is < 0 or > ParquetLimits.DecimalScale)
        {
            throw new InvalidDataException($"the schema gives '{node.Path}' {node.Element.Scale} digits behind the point");
        }

        return new ParquetScalar(kind, physical)
        {
            Scale = node.Element.Scale,
            Leaf = node.Leaf,
            Length = length,
            Unsigned = annotation is Annotation.UnsignedInteger,
            MaxDefinition = definition,
            MaxRepetition = repetition,
        };
    }

    /// <summary>Annotations that would change what a number or text means are not read rather than misread.</summary>
    private static ParquetScalarKind? Kind(ParquetPhysicalType physical, Annotation annotation) => (physical, annotation) switch
    {
        (ParquetPhysicalType.Int96, _) => null,
        (ParquetPhysicalType.Int32 or ParquetPhysicalType.Int64
            or ParquetPhysicalType.ByteArray or ParquetPhysicalType.FixedLengthByteArray, Annotation.Decimal) => ParquetScalarKind.Decimal,
        (ParquetPhysicalType.Boolean, Annotation.None or Annotation.AlwaysNull) => ParquetScalarKind.Boolean,
        (ParquetPhysicalType.Int32 or ParquetPhysicalType.Int64,
            Annotation.None or Annotation.SignedInteger or Annotation.UnsignedInteger or Annotation.AlwaysNull) =>
            ParquetScalarKind.Integer,
        (ParquetPhysicalType.Float or ParquetPhysicalType.Double, Annotation.None or Annotation.AlwaysNull) => ParquetScalarKind.Number,
        (ParquetPhysicalType.ByteArray or ParquetPhysicalType.FixedLengthByteArray,
            Annotation.None or Annotation.Text or Annotation.AlwaysNull) => ParquetScalarKind.Text,
        _ => null,
    };
}
