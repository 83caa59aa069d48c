namespace Goodhart.Text.Parquet;

/// <summary>A named field: a column of the file, a field of a struct, or the element of a list.</summary>
/// <param name="Nullable">Whether its value may be null.</param>
public sealed record ParquetField(string Name, ParquetType Type, bool Nullable)
{
    public override string ToString() => $"{Name}: {Type}{(Nullable ? "?" : string.Empty)}";
}
