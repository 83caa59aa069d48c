using System.Globalization;
using System.Text.Json.Nodes;
using Goodhart.GpuCheck.Processes;

namespace Goodhart.GpuCheck.Parts;

/// <summary>What a measurement says, in a line.</summary>
internal static class BenchFacts
{
    private static readonly string[] Ways = ["standard", "lean"];

    /// <param name="compared">Whether it is the comparison's JSON, and not the bench's own.</param>
    /// <returns>The JSON; null where ours did not run.</returns>
    public static JsonNode? Take(BenchItem item, ChildEnd run, bool compared, List<string> facts, List<string> failures)
    {
        JsonNode json;
        try
        {
            json = JsonNode.Parse(string.Join('\n', run.Output))!;
        }
        catch (System.Text.Json.JsonException)
        {
            failures.Add($"bench {item} {run.Reason}: {run.LastWords}");
            return null;
        }

        string line = compared ? OfComparison(json["results"]![0]!, item, failures) : OfBench(json);
        facts.Add($"{item}: {line}");
        return json;
    }

    private static string OfBench(JsonNode json) => string.Join("; ", json["rows"]!.AsArray().Select(row => string.Create(
        CultureInfo.InvariantCulture,
        $"{(string)row!["work"]!} {(double)row["seconds"]!:G3} s, {(double)row["tokensPerSecond"]!:N0} tokens/s, "
            + $"{(double)row["utilisation"]!:P0} of the products' speed, arenas {(double)row["arenaBytes"]! / (1 << 30):0.0} GiB")));

    private static string OfComparison(JsonNode result, BenchItem item, List<string> failures)
    {
        JsonObject seconds = result["seconds"]!.AsObject();
        JsonObject faults = result["faults"]!.AsObject();
        if (faults["ours"] is { } fault)
        {
            failures.Add($"bench {item}: {(string)fault!}");
        }

        if (seconds["ours"] is not { } ours)
        {
            return "ours did not run";
        }

        double own = (double)ours;
        double tokens = (double)result["tokens"]!;
        double share = (double)result["last"]!["ours"]!["utilisation"]!;
        IEnumerable<string> peers = Ways.Where(way => seconds[way] is not null || faults[way] is not null)
            .Select(way => seconds[way] is { } taken
                ? string.Create(CultureInfo.InvariantCulture, $"PyTorch {way} {(double)taken / own:0.00} times as long")
                : $"PyTorch {way} failed ({(string)faults[way]!})");
        return string.Create(
            CultureInfo.InvariantCulture,
            $"{own:G3} s, {tokens / own:N0} tokens/s, {share:P0} of the products' speed; {string.Join("; ", peers)}");
    }
}
