using System.Text.Json.Serialization;
using Goodhart.Engine.Optimizers;
using Goodhart.Worlds;

namespace Goodhart.Studies.Configuration;

/// <summary>A resolved study: what a study file says, with every default filled in. Written beside the results as study.json.</summary>
/// <remarks>Its rows come from a <see cref="World"/> or from <see cref="Data"/>: one of the two is null, and nothing else
/// differs.</remarks>
public sealed record StudyDefinition
{
    [JsonPropertyOrder(0)]
    public required string Name { get; init; }

    [JsonPropertyOrder(1)]
    public string Description { get; init; } = "";

    /// <summary>The synthetic world's name; "tldr" is the one there is.</summary>
    [JsonPropertyOrder(2)]
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? World { get; init; }

    /// <summary>Who labels the world's pairs, those held out included; null: its own annotators.</summary>
    [JsonPropertyOrder(2)]
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public PreferenceSampler? Labeller { get; init; }

    [JsonPropertyOrder(2)]
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public DataDefinition? Data { get; init; }

    /// <summary>Seeds everything that is not an alignment seed: data, initial weights, evaluation noise.</summary>
    [JsonPropertyOrder(3)]
    public ulong Seed { get; init; }

    [JsonPropertyOrder(4)]
    public required IReadOnlyList<ModelDefinition> Models { get; init; }

    /// <summary>Of models that are given by size; null: none is pre-trained.</summary>
    [JsonPropertyOrder(5)]
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public PretrainDefinition? Pretrain { get; init; }

    /// <summary>Null (<c>sft: none</c>): the models are SFT models already.</summary>
    [JsonPropertyOrder(6)]
    public required SftDefinition? Sft { get; init; }

    /// <summary>Null where no run needs a reward model.</summary>
    [JsonPropertyOrder(7)]
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public RlhfDefinition? Rlhf { get; init; }

    [JsonPropertyOrder(7)]
    public required AlignDefinition Align { get; init; }

    [JsonPropertyOrder(8)]
    public required EvaluateDefinition Evaluate { get; init; }

    /// <summary>Null (<c>judge: none</c>, or data and no such key): nothing decides wins.</summary>
    [JsonPropertyOrder(9)]
    public required JudgeDefinition? Judge { get; init; }

    /// <summary>Alignment seeds: each varies pairs, data order and samples; never the SFT model or the evaluation prompts.</summary>
    [JsonPropertyOrder(9)]
    public required IReadOnlyList<int> Seeds { get; init; }

    [JsonPropertyOrder(10)]
    public required KeepPolicy Keep { get; init; }

    /// <summary>The finished study that the grid of <see cref="Align"/> was cut down by; null: the grid is the study file's.</summary>
    [JsonPropertyOrder(10)]
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public FinalistsDefinition? Finalists { get; init; }

    /// <summary>Whether the report has the paper's tree as its theory chapter.</summary>
    [JsonPropertyOrder(11)]
    public bool Tree { get; init; }

    /// <summary>What jobs ask of Slurm where the study runs there; a key of <c>--set slurm.KEY</c> goes before. Not part of what is
    /// computed, so not part of study.json.</summary>
    [JsonIgnore]
    public IReadOnlyDictionary<string, string> Slurm { get; init; } = new Dictionary<string, string>();

    /// <summary>Whether weights stay of a run's checkpoint.</summary>
    /// <param name="fraction">Of the run; 1: its last.</param>
    internal bool Keeps(double fraction) => Keep is KeepPolicy.All or KeepPolicy.Weights || (Keep == KeepPolicy.Final && fraction == 1);

    /// <summary>Whether the optimizer's state stays.</summary>
    /// <inheritdoc cref="Keeps"/>
    internal bool KeepsOptimizer(double fraction) => Keep == KeepPolicy.All || (Keep == KeepPolicy.Weights && fraction == 1);
}

/// <param name="From">The finished study's folder.</param>
/// <param name="Cells">Of each remedy.</param>
public sealed record FinalistsDefinition(string From, int Cells);

/// <summary>What stays on disk of a finished run.</summary>
public enum KeepPolicy
{
    /// <summary>Weights and optimizer state of every checkpoint.</summary>
    All,

    /// <summary>Weights of every checkpoint; optimizer state only of a run's last one.</summary>
    Weights,

    /// <summary>Weights of each run's last checkpoint only.</summary>
    Final,

    /// <summary>No weights of aligned models.</summary>
    None,
}

public enum SftReduction
{
    TokenMean,
    SequenceMean,
}

/// <summary>
/// Pre-training of models of random weights: the stand-in for a model somebody else trained. A cosine with a peak of each model's own.
/// </summary>
/// <param name="Examples">Of a world, which has no end; null: all that the data hold.</param>
/// <param name="Epochs">Passes over them.</param>
/// <param name="PromptWeight">Weight of a prompt token's loss; a response token's is 1.</param>
public sealed record PretrainDefinition(
    int? Examples, int Epochs, int BatchSize, Optimizer Optimizer, int WarmupSteps, double ClipNorm, double PromptWeight);

/// <inheritdoc cref="PretrainDefinition"/>
public sealed record SftDefinition(
    int? Examples, int Epochs, int BatchSize, Optimizer Optimizer, double LearningRate, int WarmupSteps, double ClipNorm,
    SftReduction Reduction);

/// <param name="Checkpoints">Fractions of the epoch, ascending, the last one 1; empty where <see cref="CheckpointEvery"/> is given.</param>
/// <param name="Pairs">Preference pairs of one epoch; null: all that the data hold.</param>
public sealed record AlignDefinition(
    IReadOnlyList<string> Losses,
    IReadOnlyList<double> Betas,
    IReadOnlyList<double> Checkpoints,
    int? Pairs,
    int BatchSize,
    Optimizer Optimizer,
    double LearningRate,
    int WarmupSteps,
    double ClipNorm)
{
    /// <summary>A checkpoint each time so many examples more were seen, and one at the end.</summary>
    public int? CheckpointEvery { get; init; }

    /// <summary>The adapter that every run trains instead of the weights, and a study's own reward models too; null: the weights.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public LoraDefinition? Lora { get; init; }

    /// <summary>What the losses on pairs are trained with besides: each run of the grid again under each of these, as
    /// <c>wpo+tr-dpo:alpha=0.6</c>. Null: every run once, under none.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IReadOnlyList<string>? Remedies { get; init; }

    /// <summary>Runs beside the grid of all models, losses, β and seeds.</summary>
    public IReadOnlyList<AlsoDefinition> Also { get; init; } = [];

    [JsonIgnore]
    public CheckpointCadence Cadence => CheckpointEvery is { } examples ? new EveryExamples(examples) : new AtFractions(Checkpoints);
}

/// <summary>A further grid: what it does not name is as in the study's own. Runs that are there already are not run twice.</summary>
public sealed record AlsoDefinition
{
    public IReadOnlyList<string>? Models { get; init; }

    public IReadOnlyList<string>? Losses { get; init; }

    public IReadOnlyList<double>? Betas { get; init; }

    public IReadOnlyList<int>? Seeds { get; init; }

    /// <summary>As <see cref="AlignDefinition.Remedies"/>; empty (<c>remedies: none</c>): the losses by themselves alone.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IReadOnlyList<string>? Remedies { get; init; }

    /// <summary>Numbers of the losses besides β, by name; null leaves each loss its defaults.</summary>
    public IReadOnlyDictionary<string, double>? Parameters { get; init; }
}

/// <param name="FinalSamplesPerPrompt">Samples per prompt at the last checkpoint and for the SFT model.</param>
/// <param name="HeldOutPairs">Pairs for loss, accuracy, margins and forward KL.</param>
public sealed record EvaluateDefinition(
    int Prompts, double Temperature, int MaxNewTokens, int SamplesPerPrompt, int FinalSamplesPerPrompt, int HeldOutPairs)
{
    /// <summary>Whether the held-out pairs' hidden states are compared too (CHES): one more forward pass over them.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public bool HiddenSimilarity { get; init; }

    /// <summary>A second pass, on prompts that had no part in choosing; null: there is none.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public ConfirmDefinition? Confirm { get; init; }
}

/// <summary>The best cells (strength and β) of each remedy, and of the loss by itself, are read once more.</summary>
/// <param name="Prompts">Fresh ones.</param>
/// <param name="Cells">Of each remedy.</param>
public sealed record ConfirmDefinition(int Prompts, int Cells);
