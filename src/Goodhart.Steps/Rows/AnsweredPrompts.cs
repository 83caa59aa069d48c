using Goodhart.Models.HuggingFace;
using Goodhart.Pipeline;
using Goodhart.Text.Data;

namespace Goodhart.Steps.Rows;

/// <summary>Held-out prompts, each with the data set's response: what a policy is asked and compared with.</summary>
public abstract record AnsweredPrompts : PromptRows
{
    /// <summary>Null: all.</summary>
    public required RowSelection? Selection { get; init; }

    /// <summary>Prompt and the data set's response, EOS included.</summary>
    public TokenizedExample[] ReadWithResponses(StepContext context) => Read(context.FileOf(this, TokenFile.Name));

    /// <summary>The same of a stored step.</summary>
    /// <param name="folder">Of its artifact.</param>
    public static TokenizedExample[] ReadWithResponses(string folder) => Read(Path.Combine(folder, TokenFile.Name));

    /// <summary>Of the data set's responses, tokens, EOS not counted.</summary>
    public double[] ResponseLengths(StepContext context)
    {
        IReadOnlyList<int> ends = Source.Ends();
        return Array.ConvertAll(ReadWithResponses(context), row => (double)EndTokens.Before(row.Response, ends).Length);
    }

    private static TokenizedExample[] Read(string path) =>
        TokenFile.Read(path, (id, parts) => new TokenizedExample(id, parts[0], parts[1]));

    private protected sealed override string Kind => "prompts";
}

/// <summary>Of held-out pairs, each prompt once, with the preferred response.</summary>
/// <remarks>A prompt is cut as training would cut it: with its pair.</remarks>
public sealed record TokenizeHeldOutPrompts : AnsweredPrompts
{
    private protected override IEnumerable<(int Id, int[][] Parts)> Rows(RowPass pass) =>
        pass.DistinctPrompts(Selection!).Select(row => (row.Id, (int[][])[row.Prompt, row.Chosen]));
}

/// <summary>Of rows that are prompts with one response.</summary>
public sealed record TokenizeAnsweredPrompts : AnsweredPrompts
{
    private protected override IEnumerable<(int Id, int[][] Parts)> Rows(RowPass pass) =>
        pass.Examples(Selection).Select(row => (row.Id, (int[][])[row.Prompt, row.Response]));
}
