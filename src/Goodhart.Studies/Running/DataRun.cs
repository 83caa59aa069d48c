using Goodhart.Alignment.Losses;
using Goodhart.Studies.Configuration;
using Goodhart.Studies.Stages.Measuring;
using Goodhart.Studies.Stages.Running;
using Goodhart.Studies.Stages.Training;

namespace Goodhart.Studies.Running;

/// <summary>How long a model's alignment runs are, and where they are cut.</summary>
/// <param name="Updates">Of the epoch.</param>
internal sealed record DataRunLength(TrainingRecipe Recipe, int Updates, CheckpointPlan Plan, SegmentSize Size);

/// <summary>The alignment runs of one model.</summary>
/// <param name="scores">The reference's log-probs of the training pairs.</param>
internal sealed class DataRun(DataStudy study, DataModel model, ModelSource reference, ReferenceScores scores, DataRunLength length)
{
    /// <summary>A run's checkpoints, each continuing the one before; parts between them are kept only until the next is stored.</summary>
    public IEnumerable<(double Fraction, PreferenceSegment Segment)> Checkpoints(PreferenceLoss loss, int seed, int rowBudget)
    {
        PreferenceSegment? segment = null;
        foreach ((int end, bool isCheckpoint) in length.Plan.Ends(length.Updates))
        {
            segment = new PreferenceSegment
            {
                Model = reference,
                ModelName = model.Name,
                Loss = loss,
                Rows = model.Preferences,
                Reference = scores,
                Recipe = length.Recipe,
                Seed = study.Seed + (ulong)seed,
                End = end,
                Previous = segment,
                KeepsWeights = isCheckpoint && study.Keeps((double)end / length.Updates),
                KeepsOptimizer = isCheckpoint && study.KeepsOptimizer((double)end / length.Updates),
                TotalSteps = length.Updates,
                ScheduledSteps = null,
                RowBudget = rowBudget,
                Size = length.Size,
            };
            if (isCheckpoint)
            {
                yield return (length.Plan.Fractions.First(fraction => (int)Math.Round(fraction * length.Updates) == end), segment);
            }
        }
    }
}
