namespace Goodhart.Models.Safetensors;

/// <summary>One tensor as a file's header describes it.</summary>
/// <param name="Begin">First byte, counted from the end of the header.</param>
/// <param name="End">One past the last byte.</param>
public sealed record TensorEntry(string Name, StorageType Type, TensorShape Shape, long Begin, long End)
{
    public long Bytes => End - Begin;
}
