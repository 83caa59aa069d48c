using Goodhart.Alignment.Losses;
using Goodhart.Evaluation.Alarms;
using Goodhart.Steps.Rows;

namespace Goodhart.Steps.Runs.Stopping;

/// <summary>What an alarmed run measures its checkpoints on, as <c>evaluate</c> would without a judge.</summary>
/// <param name="HeldOut">Null: nothing is said of held-out pairs.</param>
internal sealed record AlarmInputs(
    AlarmSettings Settings, AlarmTable Table, ModelInput Reference, TokenizePrompts Prompts, PreferenceLoss Loss, TokenizePairs Trained,
    TokenizePairs? HeldOut)
{
    /// <exception cref="InvalidDataException">The run is not on pairs, or prompts or table cannot be used.</exception>
    public static AlarmInputs Check(
        AlignSettings align, AlarmSettings settings, ModelInput model, ModelInput reference, TokenizerFiles tokenizer,
        AlignObjective objective)
    {
        if (align.Loss is not PreferenceLoss loss || objective.Rows is not TokenizePairs trained)
        {
            throw new InvalidDataException(
                $"--alarm: {align.Loss.Name} trains on single responses, and the alarm is learnt from runs on pairs. "
                + $"{KtoPairLoss.Entry.Name} is KTO on pairs.");
        }

        AlarmTable table = settings.TablePath is { } path ? AlarmTable.Read(path) : AlarmTable.Shipped();
        AlarmTest.Require(table);
        TokenizePrompts prompts = PromptFile.LeavingRoom(
            settings.PromptsPath, align.Training.Data.Reading, tokenizer,
            Math.Min(model.Config.MaxPositions, reference.Config.MaxPositions), null, settings.Sampling.MaxNewTokens) with
        {
            Limit = settings.PromptLimit,
        };
        PromptFile.Check(prompts.File);
        return new AlarmInputs(settings, table, reference, prompts, loss, trained, objective.HeldOut as TokenizePairs);
    }
}
