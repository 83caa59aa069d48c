using Goodhart.Models.Sampling;
using Goodhart.Pipeline;

namespace Goodhart.Steps.Rows;

/// <summary>Prompts of the pairs that are trained on, each prompt once: what a policy of RLHF is asked while it learns.</summary>
/// <remarks>A prompt is cut as training would cut it: with its pair.</remarks>
public sealed record TokenizePairPrompts : PromptRows
{
    /// <summary>Of the pairs; null: all of the file.</summary>
    public RowSelection? Selection { get; init; }

    public override SamplingPrompt[] Read(StepContext context) => TokenFile.Read(
        context.FileOf(this, TokenFile.Name), (id, parts) => new SamplingPrompt(id, parts[0]));

    private protected override string Kind => "pairs' prompts";

    private protected override IEnumerable<(int Id, int[][] Parts)> Rows(RowPass pass) =>
        pass.PairsWithDistinctPrompts(Selection).Select(row => (row.Id, (int[][])[row.Prompt]));
}
