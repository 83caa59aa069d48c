namespace Goodhart.Studies.Configuration;

/// <summary>A resolved study: what a study file says, with every default filled in. Written beside the results as study.json.</summary>
public sealed record StudyDefinition
{
    public required string Name { get; init; }

    public string Description { get; init; } = "";

    /// <summary>The synthetic world's name; "tldr" is the one there is.</summary>
    public required string World { get; init; }

    /// <summary>Seeds everything that is not an alignment seed: data, initial weights, evaluation noise.</summary>
    public ulong Seed { get; init; }

    public required IReadOnlyList<StudyModel> Models { get; init; }

    public required PretrainDefinition Pretrain { get; init; }

    public required SftDefinition Sft { get; init; }

    public required AlignDefinition Align { get; init; }

    public required EvaluateDefinition Evaluate { get; init; }

    /// <summary>Alignment seeds: each varies pairs, data order and samples; never the SFT model or the evaluation prompts.</summary>
    public required IReadOnlyList<int> Seeds { get; init; }

    public required KeepPolicy Keep { get; init; }
}

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

/// <summary>A GPT-NeoX trained from scratch in the study's world.</summary>
/// <param name="PretrainLearningRate">Peak of the pre-training's cosine.</param>
public sealed record StudyModel(string Name, int HiddenSize, int Layers, int Heads, double PretrainLearningRate);

/// <summary>Pre-training: the stand-in for a model somebody else trained.</summary>
public sealed record PretrainDefinition(
    int Examples, int BatchSize, OptimizerDefinition Optimizer, int WarmupSteps, double ClipNorm, double PromptWeight);

public sealed record SftDefinition(
    int Examples, int BatchSize, OptimizerDefinition Optimizer, double LearningRate, int WarmupSteps, double ClipNorm, SftReduction Reduction);

public enum SftReduction
{
    TokenMean,
    SequenceMean,
}

/// <param name="Pairs">Preference pairs per seed: one epoch.</param>
/// <param name="Checkpoints">Fractions of the epoch, ascending, the last one 1.</param>
public sealed record AlignDefinition(
    IReadOnlyList<string> Losses,
    IReadOnlyList<double> Betas,
    IReadOnlyList<double> Checkpoints,
    int Pairs,
    int BatchSize,
    OptimizerDefinition Optimizer,
    double LearningRate,
    int WarmupSteps,
    double ClipNorm)
{
    /// <summary>Runs beside the grid of all models, losses, β and seeds.</summary>
    public IReadOnlyList<AlsoDefinition> Also { get; init; } = [];
}

/// <summary>A further grid: what it does not name is as in the study's own. Runs that are there already are not run twice.</summary>
public sealed record AlsoDefinition
{
    public IReadOnlyList<string>? Models { get; init; }

    public IReadOnlyList<string>? Losses { get; init; }

    public IReadOnlyList<double>? Betas { get; init; }

    public IReadOnlyList<int>? Seeds { get; init; }
}

/// <param name="FinalSamplesPerPrompt">Samples per prompt at the last checkpoint and for the SFT model.</param>
/// <param name="HeldOutPairs">Pairs for loss, accuracy, margins and forward KL.</param>
public sealed record EvaluateDefinition(
    int Prompts, double Temperature, int MaxNewTokens, int SamplesPerPrompt, int FinalSamplesPerPrompt, int HeldOutPairs);

/// <summary>An optimizer by the name study files use (rmsprop, adam, adamw).</summary>
public abstract record OptimizerDefinition
{
    public abstract string Name { get; }

    public abstract Engine.Optimizers.Optimizer Create();
}

public sealed record RmsPropDefinition(double Alpha, double Eps) : OptimizerDefinition
{
    public override string Name => "rmsprop";

    public override Engine.Optimizers.Optimizer Create() => new Engine.Optimizers.RmsProp { Alpha = Alpha, Eps = Eps };
}

public sealed record AdamWDefinition(double Beta1, double Beta2, double Eps, double WeightDecay) : OptimizerDefinition
{
    public override string Name => WeightDecay == 0 ? "adam" : "adamw";

    public override Engine.Optimizers.Optimizer Create() =>
        new Engine.Optimizers.AdamW { Beta1 = Beta1, Beta2 = Beta2, Eps = Eps, WeightDecay = WeightDecay };
}
