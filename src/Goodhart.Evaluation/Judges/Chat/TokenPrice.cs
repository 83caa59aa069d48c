using System.Text;

namespace Goodhart.Evaluation.Judges.Chat;

/// <summary>US dollars per million tokens.</summary>
public readonly record struct TokenPrice(double Input, double Output)
{
    public double Of(long inputTokens, long outputTokens) => ((inputTokens * Input) + (outputTokens * Output)) / 1e6;

    /// <summary>One token for every four bytes of UTF-8, rounded up: close for English, high for other scripts.</summary>
    public static long EstimateTokens(string text) => (Encoding.UTF8.GetByteCount(text) + 3) / 4;
}
