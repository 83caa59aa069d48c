using Goodhart.Steps.Judging;
using Goodhart.Steps.Rows;

namespace Goodhart.Steps.Runs.Stopping;

/// <summary>What a watched run measures its checkpoints on, as <c>evaluate</c> would.</summary>
internal sealed record PeakInputs(PeakSettings Settings, ModelInput Reference, TokenizePrompts Prompts)
{
    /// <exception cref="InvalidDataException">There is one checkpoint only, or the prompts cannot be used, or have no
    /// responses.</exception>
    public static PeakInputs Check(
        AlignSettings align, PeakSettings settings, ModelInput model, ModelInput reference, TokenizerFiles tokenizer)
    {
        if (align.Training.Checkpoints.Fractions.Count < 2)
        {
            throw new InvalidDataException("--stop-at-peak compares checkpoints: expected two or more in --checkpoints, found one.");
        }

        TokenizePrompts prompts = PromptFile.LeavingRoom(
            settings.PromptsPath, align.Training.Data.Reading, tokenizer,
            Math.Min(model.Config.MaxPositions, reference.Config.MaxPositions), null,
            settings.Sampling.MaxNewTokens) with
        {
            Limit = settings.PromptLimit,
        };
        PromptFile.Check(prompts.File);
        SampledPairs.Of(prompts, []).Check();
        return new PeakInputs(settings, reference, prompts);
    }
}
