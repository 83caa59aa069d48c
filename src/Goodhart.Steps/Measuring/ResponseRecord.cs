using Goodhart.Evaluation.Divergence;
using Goodhart.Models.Sampling;
using Goodhart.Steps.Lines;
using Goodhart.Text.Tokenizers;

namespace Goodhart.Steps.Measuring;

/// <summary>A sampled response as a JSON line, for reading and for judging elsewhere.</summary>
/// <param name="Id">The prompt's row.</param>
/// <param name="FinishReason"><c>eos</c> or <c>length</c>.</param>
/// <param name="LogProb">log π(y|x), nats.</param>
/// <param name="Kl">Exact, summed over the response's prefixes; nats.</param>
/// <param name="Tokens">EOS included where it ended.</param>
public sealed record ResponseRecord(
    int Id,
    int Sample,
    string Prompt,
    string Response,
    string FinishReason,
    double LogProb,
    double ReferenceLogProb,
    double Kl,
    int[] Tokens)
{
    private const string Eos = "eos";

    /// <summary>Without the EOS.</summary>
    public int Length() => Tokens.Length - (Finished() ? 1 : 0);

    /// <summary>Whether the policy ended it.</summary>
    public bool Finished() => FinishReason == Eos;

    /// <param name="divergences">In the order of <paramref name="rollouts"/>.</param>
    public static void Write(
        string path, SamplingPrompt[] prompts, IReadOnlyList<Rollout> rollouts, ResponseDivergence[] divergences, ITokenizer tokenizer)
    {
        Dictionary<int, string> texts = prompts.ToDictionary(prompt => prompt.Item, prompt => tokenizer.Decode(prompt.Tokens));
        using StreamWriter writer = new(path) { NewLine = "\n" };
        for (int i = 0; i < rollouts.Count; i++)
        {
            Rollout rollout = rollouts[i];
            ResponseRecord record = new(
                rollout.Item,
                rollout.Sample,
                texts[rollout.Item],
                tokenizer.Decode(rollout.Finished ? rollout.Tokens[..^1] : rollout.Tokens),
                rollout.Finished ? Eos : "length",
                divergences[i].PolicyLogProb,
                divergences[i].ReferenceLogProb,
                divergences[i].Kl,
                rollout.Tokens);
            writer.WriteLine(JsonLines.Write(record));
        }
    }

    public static ResponseRecord[] Read(string path) =>
        [.. File.ReadLines(path).Select(JsonLines.Read<ResponseRecord>)];
}
