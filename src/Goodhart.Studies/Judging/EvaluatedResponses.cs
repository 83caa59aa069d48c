using System.Text.Json;
using System.Text.Json.Nodes;
using Goodhart.Evaluation.Judges;
using Goodhart.Studies.Stages.Running;

namespace Goodhart.Studies.Judging;

/// <summary>One sampled response of an evaluation.</summary>
/// <param name="Prompt">Its row in the file of prompts.</param>
/// <param name="Kl">Exact, in nats.</param>
public sealed record EvaluatedSample(int Prompt, int Sample, JudgedResponse Response, double Kl);

/// <summary>The responses that <c>goodhart evaluate</c> has left in its folder.</summary>
public static class EvaluatedResponses
{
    /// <returns>Per checkpoint, the reference first.</returns>
    public static IReadOnlyList<IReadOnlyList<EvaluatedSample>> Read(string directory)
    {
        JsonNode record = JsonNode.Parse(File.ReadAllText(Path.Combine(directory, RunFolder.RecordFile)))!;
        return
        [
            .. record["checkpoints"]!.AsArray().Select(
                checkpoint => ReadFile(Path.Combine(directory, (string)checkpoint!["responses"]!))),
        ];
    }

    /// <summary>One checkpoint's.</summary>
    public static IReadOnlyList<EvaluatedSample> ReadFile(string path) => [.. File.ReadLines(path).Select(Parse)];

    private static EvaluatedSample Parse(string line)
    {
        using JsonDocument document = JsonDocument.Parse(line);
        JsonElement row = document.RootElement;
        return new EvaluatedSample(
            row.GetProperty("id").GetInt32(),
            row.GetProperty("sample").GetInt32(),
            JudgedResponse.Of(row.GetProperty("response").GetString()!, row.GetProperty("finishReason").GetString() != "length"),
            row.GetProperty("kl").GetDouble());
    }
}
