namespace Goodhart.Text.Parquet;

/// <summary>What the values of a field are. One type per variant: scalar, list, struct, or one that is not read.</summary>
public abstract record ParquetType
{
    private protected ParquetType()
    {
    }

    /// <summary>Why fields of this type, or of a type inside it, cannot be read; null when they can.</summary>
    public abstract string? Refusal { get; }

    /// <summary>What cannot be read of fields of this type: the field itself, or fields inside it.</summary>
    /// <param name="place">The field's name.</param>
    internal virtual IEnumerable<string> Unread(string place) => Refusal is null ? [] : [place];
}

/// <summary>A single value.</summary>
/// <param name="Kind">How it appears in a row.</param>
/// <param name="Physical">How it is stored.</param>
public sealed record ParquetScalar(ParquetScalarKind Kind, ParquetPhysicalType Physical) : ParquetType
{
    public override string? Refusal => null;

    /// <summary>Place of the column chunk in each row group.</summary>
    internal int Leaf { get; init; }

    /// <summary>Bytes of a FIXED_LEN_BYTE_ARRAY.</summary>
    internal int Length { get; init; }

    /// <summary>Digits of a decimal behind the point.</summary>
    internal int Scale { get; init; }

    /// <summary>UINT_32 and UINT_64 are stored as signed numbers.</summary>
    internal bool Unsigned { get; init; }

    /// <summary>The definition level of a value that is there.</summary>
    internal int MaxDefinition { get; init; }

    /// <summary>How many lists it is in.</summary>
    internal int MaxRepetition { get; init; }

    public override string ToString() => Kind switch
    {
        ParquetScalarKind.Boolean => "boolean",
        ParquetScalarKind.Integer => "integer",
        ParquetScalarKind.Number => "number",
        ParquetScalarKind.Decimal => "decimal",
        _ => "text",
    };
}

/// <summary>A list, stored with three levels (LIST annotation), with two by older writers, or as a bare repeated field.</summary>
public sealed record ParquetList(ParquetField Element) : ParquetType
{
    public override string? Refusal => Element.Type.Refusal;

    /// <summary>The definition level at which the list is there, perhaps empty; one more says that it has an element.</summary>
    internal int Definition { get; init; }

    /// <summary>The repetition level of its elements but the first: 1, or more for a list in a list.</summary>
    internal int Repetition { get; init; }

    internal override IEnumerable<string> Unread(string place) => Element.Type.Unread(place + "[]");

    public override string ToString() => $"list<{Element.Type}>";
}

/// <summary>Named fields, such as the role and content of a turn in a dialogue.</summary>
public sealed record ParquetStruct(IReadOnlyList<ParquetField> Fields) : ParquetType
{
    /// <summary>Fields that cannot be read are left out, unless that is all of them.</summary>
    public override string? Refusal => Fields.All(inner => inner.Type.Refusal is not null)
        ? Fields.Select(inner => inner.Type.Refusal).FirstOrDefault() ?? "a struct without fields" : null;

    /// <summary>The definition level at which the struct is there.</summary>
    internal int Definition { get; init; }

    internal override IEnumerable<string> Unread(string place) => Fields.SelectMany(field => field.Type.Unread($"{place}.{field.Name}"));

    public override string ToString() => $"struct<{string.Join(", ", Fields)}>";
}

/// <summary>A type that is legal Parquet and not read here.</summary>
public sealed record ParquetUnreadable(string Reason) : ParquetType
{
    public override string? Refusal => Reason;

    public override string ToString() => "not readable";
}

/// <summary>How a scalar appears in a row.</summary>
public enum ParquetScalarKind
{
    /// <summary>true or false.</summary>
    Boolean,

    /// <summary>A 64-bit integer, signed or not.</summary>
    Integer,

    /// <summary>A double; FLOAT columns are widened.</summary>
    Number,

    /// <summary>A decimal number, exact.</summary>
    Decimal,

    /// <summary>A string; the bytes must be UTF-8.</summary>
    Text,
}

/// <summary>How a scalar is stored; the numbers are those of the format.</summary>
public enum ParquetPhysicalType
{
    Boolean = 0,
    Int32 = 1,
    Int64 = 2,
    Int96 = 3,
    Float = 4,
    Double = 5,
    ByteArray = 6,
    FixedLengthByteArray = 7,
}
