using Goodhart.Models;
using Goodhart.Models.Adapters;
using Goodhart.Steps.Folders;
using Goodhart.Steps.Runs;

namespace Goodhart.Studies.Running;

/// <summary>A model of a study, and the study's rows in its tokens.</summary>
internal sealed record StudyModel
{
    public required string Name { get; init; }

    public required ModelConfig Config { get; init; }

    /// <summary>Before any training of this study.</summary>
    public required ModelSource Start { get; init; }

    /// <summary>Where that is, for messages.</summary>
    public required string Place { get; init; }

    /// <summary>The adapter that alignment trains, its layers named; null: the weights, or the model's own adapter.</summary>
    public LoraConfig? Lora { get; init; }

    /// <summary>Numbers that alignment trains of it, where they are an adapter's; null: all of its weights.</summary>
    public long? Trained(OutputHead head = OutputHead.Language) => (Lora ?? OwnAdapter)?.ParametersOn(Config, head);

    /// <summary>The adapter that the study's model is; null where it is a model of its own.</summary>
    public LoraConfig? OwnAdapter { get; init; }

    /// <summary>Peak of its pre-training's learning rate; null: it is not pre-trained here.</summary>
    public required double? PretrainLearningRate { get; init; }

    public required StudyRows Rows { get; init; }

    /// <summary>Reward models that are there already; empty where the study trains its own, or needs none.</summary>
    public required IReadOnlyList<ModelInput> Rewards { get; init; }
}
