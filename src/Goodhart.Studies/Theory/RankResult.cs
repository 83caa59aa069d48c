using Goodhart.Evaluation.Theory.Queries;
using Goodhart.Text.Datasets;

namespace Goodhart.Studies.Theory;

/// <summary>What <c>goodhart rank</c> found.</summary>
/// <param name="File">The preference data.</param>
/// <param name="FurtherResponses">File of responses that exist besides; null for none.</param>
/// <param name="Rows">Of the preference file.</param>
/// <param name="Skipped">Rows passed over, by reason.</param>
/// <param name="LongestPrompt">Words, or tokens where a tokenizer is named.</param>
/// <param name="LongestResponse">The same.</param>
/// <param name="Space">The space of prompts and responses that the shares refer to.</param>
public sealed record RankResult(
    string File,
    string? FurtherResponses,
    int Rows,
    IReadOnlyDictionary<SkipReason, int> Skipped,
    int LongestPrompt,
    int LongestResponse,
    RankReport Graph,
    ResponseSpace Space)
{
    /// <summary>What was not used of the preference file, and of the further responses.</summary>
    public required IReadOnlyList<RowAccount> Accounts { get; init; }

    /// <summary>log₁₀ of the share of all prompts and responses that the data name.</summary>
    public double Log10Share => Space.Log10Share(Graph.Responses);

    /// <summary>log₁₀ of the share of the responses to the data's own prompts that the data name.</summary>
    public double Log10ShareOfOwnPrompts => Space.Log10ShareOfOwnPrompts(Graph.Responses, Graph.Prompts);
}
