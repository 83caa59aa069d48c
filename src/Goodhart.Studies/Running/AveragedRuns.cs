using Goodhart.Alignment.Remedies;
using Goodhart.Models.Averaging;
using Goodhart.Steps.Folders;
using Goodhart.Steps.Training;
using Goodhart.Studies.Configuration;

namespace Goodhart.Studies.Running;

/// <summary>What is evaluated in place of a run's checkpoints: averages, made without training.</summary>
/// <param name="reference">The SFT model.</param>
/// <param name="seeds">The runs of all seeds, by checkpoint; empty where the run is averaged with none.</param>
internal sealed class AveragedRuns(
    AveragedWeights average, ModelSource reference, (double Fraction, TrainingSegment Segment)[][] seeds)
{
    private readonly List<TrainingSegment> own = [];

    /// <summary>In place of the run's next checkpoint.</summary>
    public AverageModels Next(double fraction, TrainingSegment checkpoint)
    {
        own.Add(checkpoint);
        return average switch
        {
            WiseFt wise => Of([reference, new StoredModel(checkpoint)], new Interpolation { Alpha = wise.Alpha }, checkpoint),
            CheckpointSoup => Of([.. own.Select(part => new StoredModel(part))], new UniformWeights(), checkpoint),
            CheckpointEma ema => Of(
                [.. own.Select(part => new StoredModel(part))], new MovingAverage { Decay = ema.Decay }, checkpoint),
            SeedSoup => Of(
                [.. seeds.Select(run => new StoredModel(run.Single(part => part.Fraction == fraction).Segment))], new UniformWeights(),
                checkpoint),
            _ => throw new NotSupportedException($"{average.Name} is no average of a study's."),
        };
    }

    /// <exception cref="ArgumentException">There is nothing to average with.</exception>
    public static void Require(StudyDefinition study, StudyCell cell)
    {
        if (cell.Average is SeedSoup soup && cell.OfAllSeeds(study).Count < 2)
        {
            throw new ArgumentException($"{soup.Name} averages the runs of several seeds, and the study has one: give seeds two or more.");
        }
    }

    /// <exception cref="ArgumentException">Adapters are no whole models.</exception>
    public static void RequireWhole(StudyCell cell)
    {
        if (cell.Average is { } average)
        {
            throw new ArgumentException($"{average.Name} averages whole models, and these are adapters: leave it or align.lora out.");
        }
    }

    private AverageModels Of(IReadOnlyList<ModelSource> models, AverageWeights weights, TrainingSegment checkpoint) => new()
    {
        Models = models,
        Weights = weights,
        ModelName = $"{average.Name} of {checkpoint.Label}",
        Bytes = checkpoint.Size.WeightBytes,
    };
}
