namespace Goodhart.Text.Parquet;

/// <summary>What is refused before memory is taken for it. Real files of data sets stay far below.</summary>
internal static class ParquetLimits
{
    /// <summary>Bytes of the footer.</summary>
    public const int Footer = 64 << 20;

    /// <summary>Bytes of one page header; statistics of long strings may swell it.</summary>
    public const int PageHeader = 16 << 20;

    /// <summary>Bytes of one page, compressed or not; also the text that one page may expand to by shared prefixes.</summary>
    public const int Page = 256 << 20;

    /// <summary>Values of one page, nulls counted.</summary>
    public const int PageValues = 16 << 20;

    /// <summary>Elements of one list in one row.</summary>
    public const int ListElements = 1 << 20;

    /// <summary>Depth of nested structures in the footer's encoding, and of the schema.</summary>
    public const int Depth = 32;
}
