using Goodhart.Alignment.Losses;
using Goodhart.Alignment.Remedies;
using Goodhart.Alignment.Training;
using Goodhart.Engine;
using Goodhart.Steps.Rows;

namespace Goodhart.Steps.Runs;

/// <summary>The parts of run.json.</summary>
internal static class RunRecord
{
    public static object Of(DeviceInfo device) => new { device.Name, device.InstructionSet, device.NumericsVersion };

    public static object Of(ModelInput model) => new { model.Folder.Path, model.Folder.Sha256 };

    public static object Of(Remedy remedy) => new { remedy.Name, remedy.Kind, remedy.Formula, remedy.Parameters };

    public static object Of(AlignmentLoss loss) => new { loss.Name, loss.Formula, loss.Beta, loss.Parameters };

    public static object Of(TokenizeRows rows, string shape, TokenizedData data) => new
    {
        rows.File.Data.Path,
        rows.File.Data.Sha256,
        shape,
        columns = rows.File.Reading.Columns.Named,
        budget = rows.File.Budget,
        data.Rows,
        data.Read,
        data.Skipped,
        data.Unused,
        data.BadRows,
        data.BadMargins,
        chatTemplate = Of(rows.File.Tokenizer.Chat, data),
        data.Truncation,
        tokenizer = rows.File.Tokenizer.Files.ToDictionary(rows.File.Tokenizer.NameOf, file => file.Sha256),
    };

    /// <summary>Which template wrote the conversations; null where the rows were texts.</summary>
    public static object? Of(ChatFiles? chat, TokenizedData data) => chat is null || !data.WrittenByTemplate
        ? null
        : new { chat.Path, sha256 = chat.Hash, prefixMismatch = chat.Mismatch, data.CutPrompts, chat.Date };

    public static object Of(TrainingSettings settings, int updates)
    {
        TrainingOptions recipe = settings.Recipe;
        return new
        {
            updates,
            settings.Epochs,
            recipe.BatchSize,
            recipe.Optimizer,
            learningRate = recipe.LearningRate.Peak,
            lrSchedule = recipe.LearningRate.Name,
            recipe.LearningRate.WarmupSteps,
            recipe.ClipNorm,
            settings.Seed,
            checkpoints = settings.Checkpoints.Fractions,
            settings.Checkpoints.ResumeEvery,
        };
    }
}
