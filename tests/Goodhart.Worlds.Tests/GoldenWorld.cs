using System.Text.Json;
using System.Text.Json.Serialization;
using Goodhart.Engine.Randomness;
using Goodhart.Worlds;

namespace Goodhart.Worlds.Tests;

/// <summary>tests/golden/world/world.json: posts, summaries and scores of the world's first implementation on our streams.</summary>
internal sealed record GoldenWorld(string[] Vocabulary, ulong Seed, string Purpose, GoldenItem[] Items)
{
    private static readonly JsonSerializerOptions CamelCase =
        new(JsonSerializerDefaults.Web) { RespectRequiredConstructorParameters = true };

    public static GoldenWorld Read()
    {
        using FileStream file = File.OpenRead(Path.Combine(Root(), "tests", "golden", "world", "world.json"));
        return JsonSerializer.Deserialize<GoldenWorld>(file, CamelCase)!;
    }

    public RandomStream Stream(int item) => new(Seed, Purpose, (uint)item);

    private static string Root()
    {
        string? folder = AppContext.BaseDirectory;
        while (folder is not null && !File.Exists(Path.Combine(folder, "Goodhart.slnx")))
        {
            folder = Path.GetDirectoryName(folder);
        }

        return folder ?? throw new DirectoryNotFoundException("no Goodhart.slnx above the tests");
    }
}

/// <summary>Facts and distractors are keyed by the slots' letters. Responses: human, broad, two of the pool, then corrupted ones.</summary>
internal sealed record GoldenItem(
    Dictionary<char, int> Facts, Dictionary<char, int[]> Distractors, int[] Likes, int[] Prompt, GoldenResponse[] Responses);

internal sealed record GoldenResponse(
    int[] Ids, int Hundredths, int Covered, int Hallucinated, int Repeated, int Malformed, int Length)
{
    [JsonIgnore]
    public GoldScore Score => new(
        Hundredths, Covered, Hallucinated, Repeated, Malformed, Length, Ids.Length > 0 && Ids[^1] == TldrWorld.Eos);
}
