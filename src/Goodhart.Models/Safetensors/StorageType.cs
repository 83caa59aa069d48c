namespace Goodhart.Models.Safetensors;

/// <summary>Element types a safetensors file can hold. Only the floating-point ones up to 64 bits are read as numbers here.</summary>
public enum StorageType
{
    Bool,
    F4,
    F6E2M3,
    F6E3M2,
    U8,
    I8,
    F8E5M2,
    F8E4M3,
    F8E8M0,
    F8E4M3Fnuz,
    F8E5M2Fnuz,
    I16,
    U16,
    F16,
    BF16,
    I32,
    U32,
    F32,
    C64,
    F64,
    I64,
    U64,
}

public static class StorageTypes
{
    private static readonly (StorageType Type, string Name, int Bits)[] Table =
    [
        (StorageType.Bool, "BOOL", 8),
        (StorageType.F4, "F4", 4),
        (StorageType.F6E2M3, "F6_E2M3", 6),
        (StorageType.F6E3M2, "F6_E3M2", 6),
        (StorageType.U8, "U8", 8),
        (StorageType.I8, "I8", 8),
        (StorageType.F8E5M2, "F8_E5M2", 8),
        (StorageType.F8E4M3, "F8_E4M3", 8),
        (StorageType.F8E8M0, "F8_E8M0", 8),
        (StorageType.F8E4M3Fnuz, "F8_E4M3FNUZ", 8),
        (StorageType.F8E5M2Fnuz, "F8_E5M2FNUZ", 8),
        (StorageType.I16, "I16", 16),
        (StorageType.U16, "U16", 16),
        (StorageType.F16, "F16", 16),
        (StorageType.BF16, "BF16", 16),
        (StorageType.I32, "I32", 32),
        (StorageType.U32, "U32", 32),
        (StorageType.F32, "F32", 32),
        (StorageType.C64, "C64", 64),
        (StorageType.F64, "F64", 64),
        (StorageType.I64, "I64", 64),
        (StorageType.U64, "U64", 64),
    ];

    /// <summary>All spellings the format knows, for messages.</summary>
    public static string AllNames { get; } = string.Join(", ", Table.Select(row => row.Name));

    /// <summary>Size of one element in bits; the 4- and 6-bit types are packed.</summary>
    public static int Bits(this StorageType type) => Table[(int)type].Bits;

    /// <summary>The spelling in the file's header, for example "BF16".</summary>
    public static string Name(this StorageType type) => Table[(int)type].Name;

    /// <summary>Can the values be read as float32 (F64 rounded to nearest, the others exactly)?</summary>
    public static bool IsReadableAsF32(this StorageType type) =>
        type is StorageType.F16 or StorageType.BF16 or StorageType.F32 or StorageType.F64;

    public static bool TryParse(string name, out StorageType type)
    {
        int index = Array.FindIndex(Table, row => row.Name == name);
        type = index < 0 ? default : Table[index].Type;
        return index >= 0;
    }
}
