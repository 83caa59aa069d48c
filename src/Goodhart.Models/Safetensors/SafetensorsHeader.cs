namespace Goodhart.Models.Safetensors;

/// <summary>What a safetensors file says about itself, checked: the tensors tile the data buffer without holes or overlaps.</summary>
/// <param name="Metadata">The free texts under <c>__metadata__</c>; empty when there are none.</param>
/// <param name="Tensors">In the order of their bytes.</param>
internal sealed record SafetensorsHeader(IReadOnlyDictionary<string, string> Metadata, IReadOnlyList<TensorEntry> Tensors)
{
    /// <summary>The limit of the format itself: a longer header is refused before anything is allocated.</summary>
    public const long MaxBytes = 100_000_000;

    public const string MetadataKey = "__metadata__";

    /// <param name="file">Named in every message.</param>
    /// <param name="json">The header, without the eight bytes of its length.</param>
    /// <param name="dataBytes">Bytes of the file after the header.</param>
    /// <exception cref="InvalidDataException">The header breaks the format.</exception>
    public static SafetensorsHeader Parse(string file, ReadOnlySpan<byte> json, long dataBytes)
    {
        (Dictionary<string, string> metadata, List<TensorEntry> tensors) = new HeaderJson(file, json).Read();
        TensorEntry[] ordered = [.. tensors.OrderBy(t => t.Begin).ThenBy(t => t.End)];
        CheckTiling(file, ordered, dataBytes);
        return new SafetensorsHeader(metadata, ordered);
    }

    private static void CheckTiling(string file, TensorEntry[] ordered, long dataBytes)
    {
        long next = 0;
        string before = "the start of the data";
        foreach (TensorEntry tensor in ordered)
        {
            if (tensor.Begin != next)
            {
                string fault = tensor.Begin < next ? "overlaps" : "leaves a hole after";
                throw new InvalidDataException(
                    $"{file}: tensor '{tensor.Name}' {fault} {before}: expected data_offsets to begin at {next}, found {tensor.Begin}.");
            }

            CheckSpan(file, tensor, dataBytes);
            next = tensor.End;
            before = $"tensor '{tensor.Name}'";
        }

        if (next != dataBytes)
        {
            throw new InvalidDataException(
                $"{file}: expected {next} bytes of tensor data after the header, found {dataBytes}"
                + (dataBytes < next ? ": the file is cut short." : ": bytes that belong to no tensor."));
        }
    }

    private static void CheckSpan(string file, TensorEntry tensor, long dataBytes)
    {
        Int128 bits = (Int128)tensor.Shape.Elements * tensor.Type.Bits();
        Int128 found = (Int128)tensor.End - tensor.Begin;
        if (bits % 8 != 0 || bits / 8 != found)
        {
            throw new InvalidDataException(
                $"{file}: tensor '{tensor.Name}': {tensor.Type.Name()} of shape {tensor.Shape} takes {bits} bits, "
                + $"but data_offsets [{tensor.Begin}, {tensor.End}] span {found} bytes.");
        }

        if (tensor.End > dataBytes)
        {
            throw new InvalidDataException(
                $"{file}: tensor '{tensor.Name}': expected data_offsets within the {dataBytes} bytes of data the file has, "
                + $"found an end at {tensor.End}: the file is cut short or its header is wrong.");
        }
    }
}
