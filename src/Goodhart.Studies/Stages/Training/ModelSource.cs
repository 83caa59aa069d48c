using Goodhart.Pipeline;
using Goodhart.Studies.Steps;

namespace Goodhart.Studies.Stages.Training;

/// <summary>Where a step finds a model: a Hugging Face folder.</summary>
public abstract record ModelSource
{
    /// <summary>What must be there before the model can be read.</summary>
    internal abstract IReadOnlyList<FileNeed> Needs { get; }

    internal abstract string PathIn(StepContext context);

    /// <summary>Whether both are one model, bit by bit.</summary>
    internal abstract bool IsSameAs(ModelSource other);
}

/// <summary>A folder that the user names.</summary>
public sealed record NamedFolder(InputFolder Folder) : ModelSource
{
    internal override IReadOnlyList<FileNeed> Needs => [];

    internal override string PathIn(StepContext context) => Folder.Path;

    internal override bool IsSameAs(ModelSource other) => other is NamedFolder folder && folder.Folder.Sha256 == Folder.Sha256;
}

/// <summary>What a part of a training run left.</summary>
public sealed record TrainedFolder(TrainingSegment Segment) : ModelSource
{
    internal override IReadOnlyList<FileNeed> Needs => [new(Segment, ModelFiles.Model)];

    internal override string PathIn(StepContext context) => context.FileOf(Segment, ModelFiles.Model);

    internal override bool IsSameAs(ModelSource other) => other is TrainedFolder trained && trained.Segment.Key == Segment.Key;
}
