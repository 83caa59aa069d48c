using System.Text.Json.Serialization;

namespace Goodhart.Studies.Configuration;

/// <summary>A study of models that are trained from scratch in a synthetic world.</summary>
public sealed record WorldStudy : StudyDefinition
{
    /// <summary>The synthetic world's name; "tldr" is the one there is.</summary>
    [JsonPropertyOrder(2)]
    public required string World { get; init; }

    [JsonPropertyOrder(4)]
    public required IReadOnlyList<StudyModel> Models { get; init; }

    [JsonPropertyOrder(5)]
    public required PretrainDefinition Pretrain { get; init; }

    [JsonPropertyOrder(6)]
    public required SftDefinition Sft { get; init; }

    /// <summary>Null where no run needs a reward model.</summary>
    [JsonPropertyOrder(7)]
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public RlhfDefinition? Rlhf { get; init; }

    /// <summary>Whether the report has the paper's tree as its theory chapter.</summary>
    [JsonPropertyOrder(11)]
    public bool Tree { get; init; }

    [JsonIgnore]
    public override IReadOnlyList<string> ModelNames => [.. Models.Select(model => model.Name)];

    [JsonIgnore]
    public override PpoDefinition? Ppo => Rlhf?.Ppo;

    /// <summary>A world has no end, so its studies say where an epoch ends.</summary>
    [JsonIgnore]
    public int Pairs => Align.Pairs ?? throw new InvalidOperationException($"study {Name}: align.pairs is missing.");
}

/// <summary>A GPT-NeoX trained from scratch in the study's world.</summary>
/// <param name="PretrainLearningRate">Peak of the pre-training's cosine.</param>
public sealed record StudyModel(string Name, int HiddenSize, int Layers, int Heads, double PretrainLearningRate);

/// <summary>Pre-training: the stand-in for a model somebody else trained.</summary>
public sealed record PretrainDefinition(
    int Examples, int BatchSize, OptimizerDefinition Optimizer, int WarmupSteps, double ClipNorm, double PromptWeight);

public sealed record SftDefinition(
    int Examples, int BatchSize, OptimizerDefinition Optimizer, double LearningRate, int WarmupSteps, double ClipNorm, SftReduction Reduction);
