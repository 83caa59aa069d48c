using System.Text.Json;
using System.Text.Json.Nodes;

namespace Goodhart.Pipeline;

/// <summary>A file of an artifact.</summary>
/// <param name="Name">Path inside the artifact's folder, with '/'.</param>
public sealed record StoredFile(string Name, long Bytes, string Sha256);

/// <summary>What <c>step.json</c> says about a stored artifact: what it is, when and where it was made, which files belong to it.</summary>
public sealed record StepRecord
{
    public required string Name { get; init; }

    /// <summary>SHA-256 of the canonical form of <see cref="Definition"/>, 64 hexadecimal digits.</summary>
    public required string Hash { get; init; }

    public required string Label { get; init; }

    public required DateTimeOffset Started { get; init; }

    /// <summary>Wall time of the run that made the artifact.</summary>
    public required double Seconds { get; init; }

    /// <summary>Compute threads it was given.</summary>
    public required int Threads { get; init; }

    public required string Machine { get; init; }

    public required StoredFile[] Files { get; init; }

    /// <summary>Names of <see cref="Files"/> that were deleted to save room; making the step again brings them back.</summary>
    public string[] Pruned { get; init; } = [];

    /// <summary>What the key was hashed from.</summary>
    public required JsonNode Definition { get; init; }

    /// <summary>Keys of the steps that it was made from, each once: they stand in its definition by their hashes.</summary>
    public IReadOnlyList<string> InputKeys()
    {
        List<string> keys = [];
        Collect(Definition, keys);
        return [.. keys.Distinct()];
    }

    private static void Collect(JsonNode? node, List<string> keys)
    {
        switch (node)
        {
            case JsonObject found when (string?)found["$step"] is { Length: > 16 } hash:
                keys.Add(hash[..16]);
                break;
            case JsonObject found:
                found.ToList().ForEach(field => Collect(field.Value, keys));
                break;
            case JsonArray items:
                items.ToList().ForEach(item => Collect(item, keys));
                break;
        }
    }

    private static readonly JsonSerializerOptions Options = new(JsonSerializerDefaults.Web) { WriteIndented = true };

    internal byte[] ToJson() => JsonSerializer.SerializeToUtf8Bytes(this, Options);

    internal static StepRecord FromJson(byte[] json) =>
        JsonSerializer.Deserialize<StepRecord>(json, Options) ?? throw new JsonException("it holds null");
}
