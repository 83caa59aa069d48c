using System.Text.Json;
using System.Text.Json.Nodes;
using Goodhart.Engine;
using Goodhart.Pipeline;

namespace Goodhart.Studies.Tools;

/// <summary>What a command's result follows from: its name, the content of its inputs, its options, and how the device computes.</summary>
public static class RunIdentity
{
    private static readonly JsonSerializerOptions Indented = new(JsonLines.Options) { WriteIndented = true, NewLine = "\n" };

    /// <param name="options">Those that change the result, by their JSON names.</param>
    public static JsonObject Of(string command, IDevice device, IReadOnlyDictionary<string, ExternalInput> inputs, object options)
    {
        JsonObject identity = new()
        {
            ["command"] = command,
            ["numerics"] = device.Info.NumericsVersion,
            ["instructionSet"] = device.Info.InstructionSet,
            ["options"] = JsonSerializer.SerializeToNode(options, JsonLines.Options),
        };
        foreach ((string name, ExternalInput input) in inputs)
        {
            identity[name] = input.Sha256;
        }

        return identity;
    }

    internal static string Text(JsonObject identity) => identity.ToJsonString(Indented) + "\n";

    /// <exception cref="InvalidDataException">The file was made by something else; the message says what differs.</exception>
    internal static void RequireSame(string sidecar, string output, JsonObject identity)
    {
        Dictionary<string, string> found = Leaves(Read(sidecar));
        Dictionary<string, string> wanted = Leaves(identity);
        string[] differing = [.. wanted.Keys.Union(found.Keys).Where(key => found.GetValueOrDefault(key) != wanted.GetValueOrDefault(key))];
        if (differing.Length > 0)
        {
            string first = differing[0];
            throw new InvalidDataException(
                $"{output} belongs to another run: {string.Join(", ", differing)} changed "
                + $"({first}: expected {wanted.GetValueOrDefault(first, "nothing")}, found {found.GetValueOrDefault(first, "nothing")}). Name another --out file, or delete it with its {Path.GetFileName(sidecar)}.");
        }
    }

    private static JsonObject Read(string sidecar)
    {
        try
        {
            return JsonNode.Parse(File.ReadAllText(sidecar)) as JsonObject ?? throw new JsonException("expected an object");
        }
        catch (JsonException fault)
        {
            throw new InvalidDataException($"{sidecar}: expected what an earlier run noted, found something else: {fault.Message}", fault);
        }
    }

    private static Dictionary<string, string> Leaves(JsonObject node, string prefix = "") => node
        .SelectMany(entry => entry.Value is JsonObject inner
            ? Leaves(inner, $"{prefix}{entry.Key}.").AsEnumerable()
            : [KeyValuePair.Create(prefix + entry.Key, entry.Value?.ToJsonString() ?? "null")])
        .ToDictionary(StringComparer.Ordinal);
}
