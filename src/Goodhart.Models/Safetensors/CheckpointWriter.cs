using System.Globalization;

namespace Goodhart.Models.Safetensors;

/// <summary>Writes the weights of a checkpoint folder: one file, or shards with an index when they exceed a limit.</summary>
public static class CheckpointWriter
{
    /// <summary>The size above which transformers cuts a checkpoint, in bytes.</summary>
    public const long DefaultShardBytes = 5_000_000_000;

    /// <param name="shardBytes">No shard holds more tensor data than this, except for a single larger tensor.</param>
    public static void Write(
        string folder,
        IReadOnlyList<TensorSpec> tensors,
        FillPart fill,
        StorageType type = StorageType.F32,
        long shardBytes = DefaultShardBytes)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(shardBytes);
        List<List<TensorSpec>> shards = Cut(tensors, type, shardBytes);
        if (shards.Count == 1)
        {
            SafetensorsWriter.Write(Path.Combine(folder, CheckpointFiles.SingleFileName), tensors, fill, type);
            return;
        }

        Dictionary<string, string> shardOf = new(StringComparer.Ordinal);
        for (int i = 0; i < shards.Count; i++)
        {
            string name = string.Create(CultureInfo.InvariantCulture, $"model-{i + 1:D5}-of-{shards.Count:D5}.safetensors");
            SafetensorsWriter.Write(Path.Combine(folder, name), shards[i], fill, type);
            shards[i].ForEach(tensor => shardOf.Add(tensor.Name, name));
        }

        ShardIndex.Write(Path.Combine(folder, ShardIndex.FileName), shardOf, tensors.Sum(t => SafetensorsWriter.BytesOf(t, type)));
    }

    private static List<List<TensorSpec>> Cut(IReadOnlyList<TensorSpec> tensors, StorageType type, long shardBytes)
    {
        List<List<TensorSpec>> shards = [[]];
        long used = 0;
        foreach (TensorSpec tensor in tensors)
        {
            long bytes = SafetensorsWriter.BytesOf(tensor, type);
            if (shards[^1].Count > 0 && used + bytes > shardBytes)
            {
                shards.Add([]);
                used = 0;
            }

            shards[^1].Add(tensor);
            used += bytes;
        }

        return shards;
    }
}
