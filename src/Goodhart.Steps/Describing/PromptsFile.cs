using Goodhart.Models.HuggingFace;
using Goodhart.Pipeline;
using Goodhart.Steps.Lines;
using Goodhart.Steps.Rows;
using Goodhart.Text.Tokenizers;

namespace Goodhart.Steps.Describing;

/// <summary>A line of prompts.jsonl.</summary>
/// <param name="Id">The prompt's row, as in the sampled responses.</param>
/// <param name="Prompt">As the policies read it.</param>
/// <param name="Response">The data set's.</param>
public sealed record AskedPrompt(int Id, string Prompt, string Response);

/// <summary>prompts.jsonl in a study's folder: what its policies are asked, as text, with the data set's responses. There from the start,
/// so that samples can be read beside them while the study runs.</summary>
public static class PromptsFile
{
    public const string Name = "prompts.jsonl";

    /// <param name="artifact">The stored rows' folder.</param>
    public static void Write(string directory, AnsweredPrompts rows, string artifact)
    {
        ITokenizer tokenizer = rows.Source.OpenTokenizer();
        IReadOnlyList<int> ends = rows.Source.Ends();
        IEnumerable<string> lines = AnsweredPrompts.ReadWithResponses(artifact).Select(row => JsonLines.Write(new AskedPrompt(
            row.Id, tokenizer.Decode(row.Prompt), tokenizer.Decode(EndTokens.Before(row.Response, ends)))));
        AtomicFile.WriteAllText(Path.Combine(directory, Name), string.Concat(lines.Select(line => line + "\n")));
    }

    /// <summary>Empty where there is no such file: an earlier version made the folder.</summary>
    /// <exception cref="System.Text.Json.JsonException">It holds something else.</exception>
    public static IReadOnlyList<AskedPrompt> Read(string directory) => File.Exists(Path.Combine(directory, Name))
        ? [.. File.ReadLines(Path.Combine(directory, Name)).Select(JsonLines.Read<AskedPrompt>)]
        : [];
}
