using Goodhart.Alignment.Losses;

namespace Goodhart.Worlds;

/// <summary>The gold reward of a response, with what it is made of.</summary>
/// <param name="Hundredths">The reward times 100, exactly: in doubles 0.35·k would break ties.</param>
/// <param name="Covered">Facts told rightly.</param>
/// <param name="Hallucinated">Facts told wrongly, or told though the post does not.</param>
/// <param name="Repeated">Second and further clauses of a kind.</param>
/// <param name="Malformed">Clauses of no known form.</param>
/// <param name="Length">Tokens, EOS not counted.</param>
/// <param name="Ended">Whether the last token is EOS.</param>
public readonly record struct GoldScore(
    int Hundredths, int Covered, int Hallucinated, int Repeated, int Malformed, int Length, bool Ended)
{
    public double Reward => Hundredths / 100.0;

    /// <summary>1 for a higher reward than the other response's, ½ for the same, 0 for a lower.</summary>
    public double WinOver(GoldScore other) => Hundredths == other.Hundredths ? 0.5 : Hundredths > other.Hundredths ? 1 : 0;

    /// <summary>The probability of a win under Bradley-Terry: σ of the difference in reward.</summary>
    public double SoftWinOver(GoldScore other) => LogSpace.Sigmoid((Hundredths - other.Hundredths) / 100.0);
}
