namespace Goodhart.Steps.Rows;

/// <summary>Prompts to answer, as token ids. The budget leaves one token for the response: its EOS.</summary>
public sealed record TokenizePrompts : PromptRows
{
    /// <summary>The first so many of the file; null: all.</summary>
    public int? Limit { get; init; }

    private protected override string Kind => "prompts";

    private protected override IEnumerable<(int Id, int[][] Parts)> Rows(RowPass pass) =>
        pass.Prompts().Take(Limit ?? int.MaxValue).Select(row => (row.Id, (int[][])[row.Prompt]));
}
