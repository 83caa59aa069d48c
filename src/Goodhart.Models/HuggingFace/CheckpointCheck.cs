using Goodhart.Models.Safetensors;

namespace Goodhart.Models.HuggingFace;

/// <summary>Compares the tensors a checkpoint holds with those its configuration calls for.</summary>
internal static class CheckpointCheck
{
    /// <exception cref="InvalidDataException">
    /// Something is missing, left over, or of another shape or type; the message lists all kinds at once.
    /// </exception>
    public static void Require(string folder, ModelConfig config, CheckpointFiles files) => Require(
        folder, FolderFiles.Config, config.Tensors(), files, tensor => config.IsBuffer(tensor) || IsTiedHead(config, tensor));

    /// <param name="source">The file that calls for the tensors.</param>
    /// <param name="isPassedOver">Whether a tensor that nobody calls for may be there all the same.</param>
    /// <exception cref="InvalidDataException">As above.</exception>
    public static void Require(
        string folder, string source, IReadOnlyList<TensorSpec> expected, CheckpointFiles files, Func<string, bool> isPassedOver)
    {
        List<string> faults = [];
        Add(faults, "missing", Missing(expected, files));
        Add(faults, "not of the expected shape or type", Mismatched(expected, files));
        Add(faults, "unexpected", Unexpected(expected, files, isPassedOver));
        if (faults.Count > 0)
        {
            throw new InvalidDataException(
                $"{folder}: the tensors do not fit {source} ({expected.Count} expected). {string.Join(" ", faults)}");
        }
    }

    /// <summary>A head that is stored although the embedding is the head.</summary>
    public static bool IsTiedHead(ModelConfig config, string tensor) => config.TiedEmbeddings && tensor == config.UntiedHeadName;

    private static void Add(List<string> faults, string kind, string[] tensors)
    {
        if (tensors.Length > 0)
        {
            faults.Add(FormattableString.Invariant($"{tensors.Length} {kind}: {Listing.Of(tensors)}."));
        }
    }

    private static string[] Missing(IReadOnlyList<TensorSpec> expected, CheckpointFiles files) =>
        [.. expected.Where(tensor => !files.TryFind(tensor.Name, out _)).Select(tensor => $"{tensor.Name} {tensor.Shape}")];

    private static string[] Mismatched(IReadOnlyList<TensorSpec> expected, CheckpointFiles files)
    {
        List<string> wrong = [];
        foreach (TensorSpec tensor in expected)
        {
            if (!files.TryFind(tensor.Name, out TensorEntry? found))
            {
                continue;
            }

            string where = Path.GetFileName(files.PathOf(tensor.Name));
            if (!found.Shape.Equals(tensor.Shape))
            {
                wrong.Add($"{tensor.Name} (expected {tensor.Shape}, found {found.Shape} in {where})");
            }
            else if (!found.Type.IsReadableAsF32())
            {
                wrong.Add($"{tensor.Name} (expected F16, BF16, F32 or F64, found {found.Type.Name()} in {where})");
            }
        }

        return [.. wrong];
    }

    private static string[] Unexpected(IReadOnlyList<TensorSpec> expected, CheckpointFiles files, Func<string, bool> isPassedOver)
    {
        HashSet<string> known = [.. expected.Select(tensor => tensor.Name)];
        return
        [
            .. files.Tensors.Where(tensor => !known.Contains(tensor.Name) && !isPassedOver(tensor.Name))
                .Select(tensor => $"{tensor.Name} {tensor.Shape} in {Path.GetFileName(files.PathOf(tensor.Name))}"),
        ];
    }
}
