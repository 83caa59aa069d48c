using System.Text.Json.Serialization;
using Goodhart.Evaluation.Points;

namespace Goodhart.Steps.Measuring;

/// <summary>A checkpoint measured on the held-out prompts and pairs.</summary>
/// <param name="Responses">The first sample of every prompt, for reading.</param>
/// <param name="SlotAccuracy">By slot letter; slots that no response names are missing.</param>
public sealed record CheckpointEvaluation(
    CheckpointPoint Point,
    PerPromptOutcomes Outcomes,
    IReadOnlyList<EvaluatedResponse> Responses,
    IReadOnlyDictionary<string, double> SlotAccuracy,
    double Flops)
{
    /// <summary>Eq. (11)'s unseen share; null where not measured.</summary>
    public BootstrappedShares? Bootstrap { get; init; }

    [JsonIgnore]
    public EvaluatedCheckpoint Evaluated => new(Point, Outcomes);
}

/// <summary>One response as text, with its gold reward where one is known.</summary>
public sealed record EvaluatedResponse(string Text, double? Gold);
