namespace Goodhart.Text.Parquet;

/// <summary>What is refused before memory is taken for it. Real files of data sets stay far below.</summary>
internal static class ParquetLimits
{
    /// <summary>Bytes of the footer.</summary>
    public const int Footer = 64 << 20;

    /// <summary>Bytes of one page header; statistics of long strings may swell it.</summary>
    public const int PageHeader = 16 << 20;

    /// <summary>Bytes of one page, compressed or not.</summary>
    public const int Page = 256 << 20;

    /// <summary>Values of one page, nulls counted.</summary>
    public const int PageValues = 16 << 20;

    /// <summary>Bytes of text that one page may expand to by shared prefixes, the one thing that grows after decompression.</summary>
    public const int SharedText = 128 << 20;

    /// <summary>Elements of one list in one row.</summary>
    public const int ListElements = 1 << 20;

    /// <summary>Digits of a decimal behind the point; the format's widest decimals in use have 76 digits.</summary>
    public const int DecimalScale = 100;

    /// <summary>Bytes of one decimal.</summary>
    public const int DecimalBytes = 64;

    /// <summary>Depth of nested structures in the footer's encoding, and of the schema.</summary>
    public const int Depth = 32;
}
