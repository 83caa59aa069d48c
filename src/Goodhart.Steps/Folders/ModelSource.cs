using Goodhart.Engine;
using Goodhart.Models;
using Goodhart.Pipeline;

namespace Goodhart.Steps.Folders;

/// <summary>Where a step finds a model: a Hugging Face folder, or an adapter's with the model that it stands on.</summary>
public abstract record ModelSource
{
    /// <summary>What must be there before the model can be read.</summary>
    public abstract IReadOnlyList<FileNeed> Needs { get; }

    /// <summary>Whether it is an adapter.</summary>
    internal abstract bool IsAdapter { get; }

    /// <summary>Whether both are one model, bit by bit.</summary>
    public abstract bool IsSameAs(ModelSource other);

    public abstract string PathIn(StepContext context);

    /// <summary>The folder of the model that it is, or that its adapter stands on.</summary>
    internal abstract string TrunkIn(StepContext context);

    public abstract ModelFolder Open(StepContext context);

    /// <inheritdoc cref="ModelFolder.Load(IDevice, bool, OutputHead, LanguageModel?)"/>
    public LanguageModel Load(StepContext context, bool training = false, OutputHead head = OutputHead.Language,
        LanguageModel? beside = null)
    {
        using ModelFolder folder = Open(context);
        return folder.Load(context.Service<IDevice>(), training, head, beside);
    }
}

/// <summary>A folder that the user names.</summary>
public sealed record NamedFolder(InputFolder Folder) : ModelSource
{
    public override IReadOnlyList<FileNeed> Needs => [];

    internal override bool IsAdapter => ModelFolder.IsAdapter(Folder.Path);

    public override bool IsSameAs(ModelSource other) => other is NamedFolder folder && folder.Folder.Sha256 == Folder.Sha256;

    public override string PathIn(StepContext context) => Folder.Path;

    public override ModelFolder Open(StepContext context) => ModelFolder.Open(Folder.Path, told: null);

    internal override string TrunkIn(StepContext context) => ModelFolder.BaseOf(Folder.Path);
}

/// <summary>What a step left: a part of a training run, or one that made it.</summary>
public sealed record StoredModel(Step Step) : ModelSource
{
    /// <summary>What its adapter was made from; null where it is a whole model.</summary>
    public ModelSource? AdaptedFrom { get; } = (Step as IAdaptingStep)?.AdaptedFrom;

    public override IReadOnlyList<FileNeed> Needs => [new(Step, ModelFiles.Model), .. AdaptedFrom?.Needs ?? []];

    internal override bool IsAdapter => AdaptedFrom is not null;

    public override bool IsSameAs(ModelSource other) => other is StoredModel stored && stored.Step.Key == Step.Key;

    public override string PathIn(StepContext context) => context.FileOf(Step, ModelFiles.Model);

    public override ModelFolder Open(StepContext context) => ModelFolder.Open(PathIn(context), told: null, AdaptedFrom?.TrunkIn(context));

    internal override string TrunkIn(StepContext context) => AdaptedFrom?.TrunkIn(context) ?? PathIn(context);
}

/// <summary>A step whose model may be an adapter.</summary>
internal interface IAdaptingStep
{
    /// <summary>The model that it was made from; null where the step's model is a whole one.</summary>
    ModelSource? AdaptedFrom { get; }
}
