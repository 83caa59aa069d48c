using Goodhart.Alignment.Losses;
using Goodhart.Studies.Stages.Measuring;
using Goodhart.Text.Datasets;

namespace Goodhart.Studies.Stages.Running;

/// <param name="Checkpoints">Model folders, or folders of them; made by any tool.</param>
/// <param name="PromptsPath">A file with prompts; responses in it are not read.</param>
/// <param name="MaxPromptTokens">A longer prompt keeps its end; null: what the models' positions leave.</param>
/// <param name="Loss">Whose value and rewards on held-out pairs are reported; else a name for checkpoints of other tools.</param>
public sealed record EvaluateSettings(
    IReadOnlyList<string> Checkpoints,
    string ReferencePath,
    string PromptsPath,
    RowReading Reading,
    int? PromptLimit,
    int? MaxPromptTokens,
    ResponseSampling Sampling,
    string? HeldOutPath,
    AlignmentLoss Loss);
