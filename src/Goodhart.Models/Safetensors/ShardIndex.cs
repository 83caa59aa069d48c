using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Goodhart.Models.Safetensors;

/// <summary><c>model.safetensors.index.json</c>: which shard holds which tensor.</summary>
internal static class ShardIndex
{
    public const string FileName = "model.safetensors.index.json";

    private const long MaxBytes = 100_000_000;

    /// <summary>Tensor name to shard file name (a plain name in the same folder).</summary>
    public static Dictionary<string, string> Read(string path)
    {
        long length = new FileInfo(path).Length;
        if (length > MaxBytes)
        {
            throw new InvalidDataException($"{path}: expected an index of at most {MaxBytes} bytes, found {length}.");
        }

        try
        {
            using JsonDocument document = JsonDocument.Parse(
                File.ReadAllBytes(path), new JsonDocumentOptions { AllowDuplicateProperties = false, MaxDepth = 32 });
            return ReadMap(path, document.RootElement);
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            // InvalidOperationException: a text with an escaped half of a surrogate pair.
            throw new InvalidDataException($"{path}: not valid JSON: {e.Message}", e);
        }
    }

    public static void Write(string path, IReadOnlyDictionary<string, string> shardOf, long totalBytes)
    {
        JsonObject map = [];
        foreach ((string name, string shard) in shardOf.OrderBy(pair => pair.Key, StringComparer.Ordinal))
        {
            map[name] = shard;
        }

        JsonObject index = new() { ["metadata"] = new JsonObject { ["total_size"] = totalBytes }, ["weight_map"] = map };
        File.WriteAllText(path, index.ToJsonString(new JsonSerializerOptions { WriteIndented = true }) + "\n", new UTF8Encoding(false));
    }

    private static Dictionary<string, string> ReadMap(string path, JsonElement root)
    {
        if (root.ValueKind != JsonValueKind.Object || !root.TryGetProperty("weight_map", out JsonElement map)
            || map.ValueKind != JsonValueKind.Object)
        {
            throw new InvalidDataException(
                $"{path}: expected an object with an object 'weight_map' (tensor name to file name), found none.");
        }

        Dictionary<string, string> shardOf = new(StringComparer.Ordinal);
        foreach (JsonProperty property in map.EnumerateObject())
        {
            string? shard = property.Value.ValueKind == JsonValueKind.String ? property.Value.GetString() : null;
            // The index comes from elsewhere: it shall not point outside its own folder.
            if (string.IsNullOrEmpty(shard) || shard is "." or ".." || shard.AsSpan().IndexOfAny("/\\:\0") >= 0)
            {
                throw new InvalidDataException(
                    $"{path}: weight_map '{property.Name}': expected a plain file name in the same folder, "
                    + $"found {property.Value.GetRawText()}.");
            }

            shardOf.Add(property.Name, shard);
        }

        return shardOf;
    }
}
