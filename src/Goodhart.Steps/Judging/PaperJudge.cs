using Goodhart.Evaluation.Judges.Chat;

namespace Goodhart.Steps.Judging;

/// <summary>The judge of the paper's experiments.</summary>
public static class PaperJudge
{
    public const string Name = "paper";

    public const string Model = "gpt-4-turbo-2024-04-09";

    /// <summary>The model's list price.</summary>
    /// <remarks>developers.openai.com/api/docs/models/gpt-4-turbo, whose snapshot it is: $10 and $30 for a million tokens, in 2024 as in
    /// 2026.</remarks>
    public static TokenPrice Price { get; } = new(10, 30);
}
