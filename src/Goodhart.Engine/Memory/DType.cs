namespace Goodhart.Engine;

/// <summary>Element type of a <see cref="Mat"/>.</summary>
public enum DType
{
    F32,
    F64,
    I32,
}

public static class DTypeExtensions
{
    public static int Size(this DType type) => type == DType.F64 ? 8 : 4;
}
