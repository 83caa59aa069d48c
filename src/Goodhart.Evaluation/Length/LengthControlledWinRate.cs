using System.Text.Json.Serialization;

namespace Goodhart.Evaluation.Length;

/// <summary>The win rate a policy would have at the data set's own lengths, by the regression of AlpacaEval 2.</summary>
/// <param name="WinRate">Mean over prompts of the fitted probability at length difference 0; null where refused.</param>
/// <param name="StandardError">Over prompts, by the delta method with robust errors: of the coefficients and of the prompts averaged
/// over.</param>
/// <param name="LengthEffect">The coefficient of tanh(standardised length difference), logits: positive where longer wins more.</param>
/// <param name="UsesDifficulty">Whether the prompts' difficulty was in the regression.</param>
/// <param name="Prompts">Units of the regression.</param>
/// <param name="Refused">Why there is no estimate; null where there is one.</param>
public sealed record LengthControlledWinRate(
    double? WinRate,
    double? StandardError,
    double? LengthEffect,
    double? LengthEffectSe,
    bool UsesDifficulty,
    int Prompts,
    string? Refused)
{
    /// <summary>How far each prompt moves the win rate, to first order, shape [prompts]; empty where refused. Two policies on the same
    /// prompts are compared by the difference of theirs.</summary>
    [JsonIgnore]
    public IReadOnlyList<double> Influence { get; init; } = [];

    internal static LengthControlledWinRate Refuse(string reason, int prompts) => new(null, null, null, null, false, prompts, reason);
}
