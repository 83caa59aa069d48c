using Goodhart.Evaluation.Judges.Chat;

namespace Goodhart.Studies.Judging;

/// <summary>The judge of the paper's experiments.</summary>
public static class PaperJudge
{
    public const string Name = "paper";

    public const string Model = "gpt-4-turbo-2024-04-09";

    /// <summary>The model's list price when the paper was written.</summary>
    public static TokenPrice Price { get; } = new(10, 30);
}
