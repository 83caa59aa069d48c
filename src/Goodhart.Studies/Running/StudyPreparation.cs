using Goodhart.Studies.Configuration;
using Goodhart.Studies.Stages.Data;

namespace Goodhart.Studies.Running;

/// <summary>A study before its steps are known: how many there are can depend on what the data hold.</summary>
internal abstract class StudyPreparation
{
    /// <summary>What must be stored before <see cref="Graph"/>.</summary>
    public abstract IReadOnlyList<TokenizeRows> Data { get; }

    /// <summary>Memory that one step takes at its peak, about, bytes.</summary>
    public abstract long StepBytes { get; }

    /// <exception cref="StudyFileException">A file that the study names is not there.</exception>
    /// <exception cref="InvalidDataException">A file cannot be used.</exception>
    public static StudyPreparation Of(StudyDefinition study) => study switch
    {
        WorldStudy world => new WorldPreparation(world),
        DataStudy data => new DataPreparation(data),
        _ => throw new NotSupportedException($"{study.GetType().Name} is no study that can be run."),
    };

    /// <param name="read">The account of a step of <see cref="Data"/>.</param>
    /// <exception cref="ArgumentException">The data are too few for what the study asks.</exception>
    public abstract IStudyGraph Graph(Func<TokenizeRows, TokenizedData> read);
}

/// <summary>A world's data need no reading.</summary>
internal sealed class WorldPreparation(WorldStudy study) : StudyPreparation
{
    public override IReadOnlyList<TokenizeRows> Data => [];

    public override long StepBytes => study.Models.Max(model => StepMemory.OfTraining(
        Steps.ModelFiles.Shape(model), study.Align.Optimizer, Models.Scoring.ResponseScorer.DefaultRowBudget));

    public override IStudyGraph Graph(Func<TokenizeRows, TokenizedData> read) => new WorldGraph(study);
}
