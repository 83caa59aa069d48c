namespace Goodhart.Steps.Rows;

/// <summary>Prompts of the pairs that are trained on, each prompt once: what a policy of RLHF is asked while it learns.</summary>
/// <remarks>A prompt is cut as training would cut it: with its pair.</remarks>
public sealed record TokenizePairPrompts : PromptRows
{
    /// <summary>Of the pairs; null: all of the file.</summary>
    public RowSelection? Selection { get; init; }

    private protected override string Kind => "pairs' prompts";

    private protected override IEnumerable<(int Id, int[][] Parts)> Rows(RowPass pass) =>
        pass.PairsWithDistinctPrompts(Selection).Select(row => (row.Id, (int[][])[row.Prompt]));
}
