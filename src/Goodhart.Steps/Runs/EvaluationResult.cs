using System.Text.Json.Serialization;
using Goodhart.Evaluation.Judges;
using Goodhart.Steps.Measuring;
using Goodhart.Steps.Rows;

namespace Goodhart.Steps.Runs;

/// <summary>A row of evaluation.csv.</summary>
/// <param name="Checkpoint">As the user named it.</param>
/// <param name="Step">The number at the end of the name.</param>
public sealed record EvaluatedFolder(string Checkpoint, int? Step, CheckpointMeasures Measures);

/// <param name="Rows">The reference first.</param>
/// <param name="Prompts">That were answered.</param>
public sealed record EvaluationResult(string Directory, int Prompts, IReadOnlyList<EvaluatedFolder> Rows, int Executed)
{
    /// <summary>What became of the prompts' rows.</summary>
    public required TokenizedData Data { get; init; }

    /// <summary>What became of the rows of the held-out pairs; null without them.</summary>
    public TokenizedData? HeldOut { get; init; }

    /// <summary>Against the data's responses; null without a judge.</summary>
    [JsonIgnore]
    public JudgedFolders? Judged { get; init; }

    /// <summary>Against the data's responses, the reference's first; null without a judge.</summary>
    public IReadOnlyList<CheckpointWinRate>? WinRates => Judged?.WinRates;

    /// <summary>What a judge would be asked and paid, where only that was wanted.</summary>
    public JudgeForecast? JudgeForecast { get; init; }
}
