using System.Text.Encodings.Web;
using System.Text.Json;
using Goodhart.Evaluation.Divergence;
using Goodhart.Models.Sampling;
using Goodhart.Text.Tokenizers;

namespace Goodhart.Studies.Stages.Measuring;

/// <summary>Sampled responses as JSON lines, for reading and for judging elsewhere.</summary>
internal static class ResponseRecord
{
    private static readonly JsonSerializerOptions Layout = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.CamelCase,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    /// <param name="divergences">In the order of <paramref name="rollouts"/>.</param>
    public static void Write(
        string path, SamplingPrompt[] prompts, IReadOnlyList<Rollout> rollouts, ResponseDivergence[] divergences, ITokenizer tokenizer)
    {
        Dictionary<int, string> texts = prompts.ToDictionary(prompt => prompt.Item, prompt => tokenizer.Decode(prompt.Tokens));
        using StreamWriter writer = new(path) { NewLine = "\n" };
        for (int i = 0; i < rollouts.Count; i++)
        {
            Rollout rollout = rollouts[i];
            int[] spoken = rollout.Finished ? rollout.Tokens[..^1] : rollout.Tokens;
            writer.WriteLine(JsonSerializer.Serialize(
                new
                {
                    id = rollout.Item,
                    rollout.Sample,
                    prompt = texts[rollout.Item],
                    response = tokenizer.Decode(spoken),
                    finishReason = rollout.Finished ? "eos" : "length",
                    logProb = divergences[i].PolicyLogProb,
                    referenceLogProb = divergences[i].ReferenceLogProb,
                    divergences[i].Kl,
                    rollout.Tokens,
                },
                Layout));
        }
    }
}
