using System.Text.Json.Nodes;

namespace Goodhart.GpuCheck.Parts;

/// <summary>Whether two devices did as much at the same kinds of work.</summary>
internal static class BenchCounts
{
    private static readonly string[] Counted = ["tokens", "items", "flops"];

    /// <param name="own">The bench's rows of our own engine.</param>
    /// <param name="other">Those of the device.</param>
    public static void Compare(JsonArray own, JsonArray other, List<string> facts, List<string> failures)
    {
        Dictionary<string, JsonNode> found = other.ToDictionary(row => Work(row!), row => row!);
        int compared = 0;
        int unlike = 0;
        foreach (JsonNode? row in own.Where(row => !Work(row!).Contains("decode", StringComparison.Ordinal)))
        {
            compared++;
            string expected = Counts(row!);
            string actual = found.TryGetValue(Work(row!), out JsonNode? there) ? Counts(there) : "no such row";
            if (actual != expected)
            {
                unlike++;
                failures.Add($"bench a {Work(row!)}: expected {expected} as on the cpu, found {actual}");
            }
        }

        if (unlike == 0)
        {
            facts.Add($"{compared} kinds of work ran and count alike");
        }
    }

    private static string Work(JsonNode row) => (string)row["work"]!;

    private static string Counts(JsonNode row) => string.Join(", ", Counted.Select(key => $"{key} {row[key]!.ToJsonString()}"));
}
