namespace Goodhart.Engine;

/// <summary>Element type of a <see cref="Mat"/>.</summary>
public enum DType
{
    F32,
    F64,
    I32,

    /// <summary>The upper half of a float32: its exponent, and eight binary digits.</summary>
    BF16,
}

public static class DTypeExtensions
{
    public static int Size(this DType type) => type switch { DType.F64 => 8, DType.BF16 => 2, _ => 4 };

    /// <summary>Whether activations and weights may be stored so.</summary>
    public static bool IsStorage(this DType type) => type is DType.F32 or DType.BF16;
}
