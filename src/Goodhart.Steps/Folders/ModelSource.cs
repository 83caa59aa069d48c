using Goodhart.Pipeline;

namespace Goodhart.Steps.Folders;

/// <summary>Where a step finds a model: a Hugging Face folder.</summary>
public abstract record ModelSource
{
    /// <summary>What must be there before the model can be read.</summary>
    public abstract IReadOnlyList<FileNeed> Needs { get; }

    public abstract string PathIn(StepContext context);

    /// <summary>Whether both are one model, bit by bit.</summary>
    public abstract bool IsSameAs(ModelSource other);
}

/// <summary>A folder that the user names.</summary>
public sealed record NamedFolder(InputFolder Folder) : ModelSource
{
    public override IReadOnlyList<FileNeed> Needs => [];

    public override string PathIn(StepContext context) => Folder.Path;

    public override bool IsSameAs(ModelSource other) => other is NamedFolder folder && folder.Folder.Sha256 == Folder.Sha256;
}

/// <summary>What a step left: a part of a training run, or one that made it.</summary>
public sealed record StoredModel(Step Step) : ModelSource
{
    public override IReadOnlyList<FileNeed> Needs => [new(Step, ModelFiles.Model)];

    public override string PathIn(StepContext context) => context.FileOf(Step, ModelFiles.Model);

    public override bool IsSameAs(ModelSource other) => other is StoredModel stored && stored.Step.Key == Step.Key;
}
