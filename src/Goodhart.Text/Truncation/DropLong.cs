namespace Goodhart.Text.Truncation;

/// <summary>Nothing is cut: a row that does not fit is dropped and counted.</summary>
public sealed record DropLong : TruncationPolicy
{
    public override string Name => "drop";

    internal override FittedRow? Fit(EncodedRow row, LengthBudget budget, PromptEncoder encoder) =>
        row.Prompt.Length + row.Longest > budget.MaxTokens
        || row.Prompt.Length > (budget.MaxPromptTokens ?? int.MaxValue)
        || row.Longest > (budget.MaxResponseTokens ?? int.MaxValue)
            ? null
            : new FittedRow(row.Prompt, row.Responses);
}
