namespace Goodhart.Text.Parquet.Metadata;

/// <summary>What a column's values mean, from the logical type or, in older files, the converted type.</summary>
internal enum Annotation
{
    None,
    Text,
    List,
    Map,
    SignedInteger,
    UnsignedInteger,
    AlwaysNull,
    Decimal,
    Date,
    Time,
    Timestamp,
    Interval,
    Bson,
    Uuid,
    Float16,
    Unknown,
}

/// <summary>Reads annotations; the numbers are those of the format.</summary>
internal static class Annotations
{
    /// <summary>UTF8 (0), ENUM (4) and JSON (19) are all text.</summary>
    public static Annotation Converted(int number) => number switch
    {
        0 or 4 or 19 => Annotation.Text,
        1 or 2 => Annotation.Map,
        3 => Annotation.List,
        5 => Annotation.Decimal,
        6 => Annotation.Date,
        7 or 8 => Annotation.Time,
        9 or 10 => Annotation.Timestamp,
        >= 11 and <= 14 => Annotation.UnsignedInteger,
        >= 15 and <= 18 => Annotation.SignedInteger,
        20 => Annotation.Bson,
        21 => Annotation.Interval,
        _ => Annotation.Unknown,
    };

    /// <summary>A union: the id of its one field is the kind.</summary>
    /// <param name="scale">Set where it is a decimal.</param>
    public static Annotation Logical(ref ThriftReader thrift, ThriftType type, ref int scale)
    {
        Annotation found = Annotation.Unknown;
        int id = 0;
        thrift.Enter(type);
        while (thrift.NextField(ref id, out ThriftType field))
        {
            if (id == 10)
            {
                found = IntegerKind(ref thrift, field);
                continue;
            }

            if (id == 5)
            {
                found = Annotation.Decimal;
                scale = Scale(ref thrift, field, scale);
                continue;
            }

            found = id switch
            {
                1 or 4 or 12 => Annotation.Text,
                2 => Annotation.Map,
                3 => Annotation.List,
                6 => Annotation.Date,
                7 => Annotation.Time,
                8 => Annotation.Timestamp,
                11 => Annotation.AlwaysNull,
                13 => Annotation.Bson,
                14 => Annotation.Uuid,
                15 => Annotation.Float16,
                _ => Annotation.Unknown,
            };
            thrift.Skip(field);
        }

        thrift.Leave();
        return found;
    }

    private static int Scale(ref ThriftReader thrift, ThriftType type, int scale)
    {
        int id = 0;
        thrift.Enter(type);
        while (thrift.NextField(ref id, out ThriftType field))
        {
            if (id == 1)
            {
                scale = thrift.Int32(field);
            }
            else
            {
                thrift.Skip(field);
            }
        }

        thrift.Leave();
        return scale;
    }

    private static Annotation IntegerKind(ref ThriftReader thrift, ThriftType type)
    {
        bool signed = true;
        int id = 0;
        thrift.Enter(type);
        while (thrift.NextField(ref id, out ThriftType field))
        {
            if (id == 2)
            {
                signed = ThriftReader.Boolean(field);
            }
            else
            {
                thrift.Skip(field);
            }
        }

        thrift.Leave();
        return signed ? Annotation.SignedInteger : Annotation.UnsignedInteger;
    }
}
