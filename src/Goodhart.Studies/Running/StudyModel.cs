using Goodhart.Models;
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

    /// <summary>Peak of its pre-training's learning rate; null: it is not pre-trained here.</summary>
    public required double? PretrainLearningRate { get; init; }

    public required StudyRows Rows { get; init; }

    /// <summary>Reward models that are there already; empty where the study trains its own, or needs none.</summary>
    public required IReadOnlyList<ModelInput> Rewards { get; init; }
}
