using Goodhart.Alignment.Losses;
using Goodhart.Alignment.Remedies;
using Goodhart.Models;
using Goodhart.Pipeline;
using Goodhart.Steps.Measuring;
using Goodhart.Steps.Planning;
using Goodhart.Steps.Rows;
using Goodhart.Steps.Training;

namespace Goodhart.Steps.Runs;

/// <summary>What an alignment run trains on and is measured on: pairs, or single responses with labels.</summary>
internal abstract class AlignObjective
{
    /// <exception cref="InvalidDataException">The files hold nothing that the loss trains on.</exception>
    /// <exception cref="ArgumentException">A remedy that the loss, another remedy or the batch size does not go with.</exception>
    public static AlignObjective Of(AlignSettings settings, TokenizerFiles tokenizer)
    {
        StageData reading = settings.Training.Data;
        FileRows rows = reading.Source(settings.Training.DataPath, tokenizer);
        FileRows? heldOut = settings.HeldOutPath is { } path ? reading.Source(path, tokenizer) : null;
        if (settings.Loss is KtoLoss kto)
        {
            return settings.Remedies.Count == 0 ? new KtoObjective(kto, rows, heldOut) : throw new ArgumentException(
                $"{settings.Remedies[0].Name} is for losses on pairs, and {kto.Name} trains on single responses: leave it out.");
        }

        PreferenceLoss loss = LossCatalogue.RequirePairs(settings.Loss);
        RemedyPlan remedies = RemedyPlan.Of(settings.Remedies, loss, settings.Training.Recipe.BatchSize);
        return new PairObjective(loss, remedies, rows, heldOut);
    }

    public abstract TokenizeRows Rows { get; }

    /// <summary>How the file is read, in words.</summary>
    public abstract string Shape { get; }

    /// <summary>Null: nothing is held out.</summary>
    public abstract TokenizeRows? HeldOut { get; }

    public abstract string? HeldOutShape { get; }

    /// <summary>Looks at the tokenised rows.</summary>
    /// <returns>Their labels; null for pairs.</returns>
    /// <exception cref="InvalidDataException">They cannot be trained or measured on.</exception>
    public abstract ResponseLabels? Check(Runner runner);

    /// <exception cref="ArgumentException">A remedy that does not go with an adapter.</exception>
    public virtual void Require(TrainedPart part)
    {
    }

    /// <summary>Reads the rows, and says what a run on them takes.</summary>
    /// <param name="reference">Of the reference's model.</param>
    public abstract PlannedRows Plan(ModelConfig reference);

    /// <summary>A part of the run; where it ends and what it keeps is for the caller to say.</summary>
    public abstract RowSegment Segment(AlignRun run);

    /// <summary>A checkpoint on the held-out rows.</summary>
    /// <param name="data">The account of the held-out rows.</param>
    public abstract HeldOutStep Evaluation(RowSegment checkpoint, double epoch, ModelInput reference, TokenizedData data, int rowBudget);
}

/// <summary>What all parts of a run share.</summary>
/// <param name="Data">The account of the training rows.</param>
/// <param name="Total">Updates of the whole run.</param>
internal sealed record AlignRun(
    TrainingSettings Training, ModelInput Model, TrainedPart Part, ModelInput Reference, TokenizedData Data, int Total, int RowBudget);
