namespace Goodhart.Text.Datasets.Files;

/// <summary>How rows lie in a file. Found from the file's content, never from its name.</summary>
public enum DataFormat
{
    /// <summary>One JSON object on each line.</summary>
    JsonLines,

    /// <summary>One JSON array of objects.</summary>
    JsonArray,

    /// <summary>RFC 4180 with a header line; commas, semicolons, tabs or bars between the fields.</summary>
    Csv,

    /// <summary>Apache Parquet; read only.</summary>
    Parquet,
}
