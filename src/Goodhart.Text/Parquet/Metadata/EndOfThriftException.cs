namespace Goodhart.Text.Parquet.Metadata;

/// <summary>The bytes given end inside a structure. For page headers, whose size is known only once read, more may help.</summary>
internal sealed class EndOfThriftException() : Exception("Thrift: the data end inside a structure");
