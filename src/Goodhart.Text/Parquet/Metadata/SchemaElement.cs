namespace Goodhart.Text.Parquet.Metadata;

/// <summary>How often a field occurs; the numbers are those of the format.</summary>
internal enum FieldRepetition
{
    Required = 0,
    Optional = 1,
    Repeated = 2,
}

/// <summary>One node of the schema, which the footer lists in depth-first order.</summary>
/// <param name="Scale">Digits of a decimal behind the point.</param>
internal sealed record SchemaElement(
    string Name, int? PhysicalType, int TypeLength, FieldRepetition Repetition, int Children, Annotation Annotation, int Scale)
{
    public static SchemaElement Read(ref ThriftReader thrift, ThriftType type)
    {
        string name = string.Empty;
        int? physical = null;
        int length = 0;
        int repetition = 0;
        int children = 0;
        int scale = 0;
        Annotation converted = Annotation.None;
        Annotation logical = Annotation.None;
        int id = 0;
        thrift.Enter(type);
        while (thrift.NextField(ref id, out ThriftType field))
        {
            switch (id)
            {
                case 1: physical = thrift.Int32(field); break;
                case 2: length = thrift.Int32(field); break;
                case 3: repetition = thrift.Int32(field); break;
                case 4: name = thrift.Text(field); break;
                case 5: children = thrift.Int32(field); break;
                case 6: converted = Annotations.Converted(thrift.Int32(field)); break;
                case 7: scale = thrift.Int32(field); break;
                case 10: logical = Annotations.Logical(ref thrift, field, ref scale); break;
                default: thrift.Skip(field); break;
            }
        }

        thrift.Leave();
        if (repetition is < 0 or > 2 || children < 0)
        {
            throw new InvalidDataException($"the schema has a field '{name}' with repetition {repetition} and {children} children");
        }

        return new(name, physical, length, (FieldRepetition)repetition, children, logical == Annotation.None ? converted : logical, scale);
    }
}
