using System.Text.Json.Nodes;

namespace Goodhart.Text.Parquet.Encodings;

/// <summary>The values of a page that are not null.</summary>
internal abstract class LeafValues
{
    public abstract int Count { get; }

    /// <summary>A new node: a JSON value can have only one parent.</summary>
    public abstract JsonValue At(int index);
}

/// <summary>Values held as they are.</summary>
internal sealed class DirectValues<T>(T[] values, Func<T, JsonValue> toJson) : LeafValues
{
    public override int Count => values.Length;

    public override JsonValue At(int index) => toJson(values[index]);
}

/// <summary>Values held as places in the chunk's dictionary.</summary>
internal sealed class DictionaryValues(LeafValues dictionary, int[] indices) : LeafValues
{
    public override int Count => indices.Length;

    public override JsonValue At(int index) => dictionary.At(indices[index]);
}
