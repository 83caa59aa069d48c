using Goodhart.Pipeline;

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

/// <summary>What a step left: a part of a training run, or <see cref="CreateModel"/>.</summary>
public sealed record StoredModel(Step Step) : ModelSource
{
    internal override IReadOnlyList<FileNeed> Needs => [new(Step, ModelFiles.Model)];

    internal override string PathIn(StepContext context) => context.FileOf(Step, ModelFiles.Model);

    internal override bool IsSameAs(ModelSource other) => other is StoredModel stored && stored.Step.Key == Step.Key;
}
