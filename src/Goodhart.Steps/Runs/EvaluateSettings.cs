using Goodhart.Alignment.Losses;
using Goodhart.Evaluation.Judges;
using Goodhart.Steps.Judging;
using Goodhart.Steps.Measuring;
using Goodhart.Steps.Rows;
using Goodhart.Text.Datasets;

namespace Goodhart.Steps.Runs;

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
    AlignmentLoss Loss)
{
    /// <summary>How conversations become text.</summary>
    public ChatStyle Chat { get; init; } = ChatStyle.Usual;

    /// <summary>Has samples judged against the responses that come with the prompts; null: nothing is judged.</summary>
    public JudgeChoice? Judge { get; init; }

    public IProgress<JudgeProgress>? Judging { get; init; }
}
