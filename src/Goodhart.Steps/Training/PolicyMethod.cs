using Goodhart.Alignment.PolicyGradient;
using Goodhart.Alignment.Training;
using Goodhart.Engine;
using Goodhart.Models;
using Goodhart.Models.Rewards;
using Goodhart.Pipeline;
using Goodhart.Steps.Folders;

namespace Goodhart.Steps.Training;

/// <summary>How a policy learns from scored samples. A variant is a type.</summary>
public abstract record PolicyMethod
{
    public abstract string Name { get; }

    /// <summary>The KL penalty's coefficient.</summary>
    public required KlController Kl { get; init; }

    /// <summary>Passes over the episodes of one collection.</summary>
    public required int Epochs { get; init; }

    /// <summary>Updates per pass.</summary>
    public required int MiniBatches { get; init; }

    public required double ClipRange { get; init; }

    public required KlEstimator Estimator { get; init; }

    /// <summary>Scores beyond ± this count as this; null: none is cut.</summary>
    public required double? ScoreClip { get; init; }

    public required MissingEos MissingEos { get; init; }

    public required bool WhitenAdvantages { get; init; }

    /// <summary>Files beside the policy's that the next part of the run reads.</summary>
    public virtual IReadOnlyList<string> StateFiles => [];

    /// <summary>Of so many collections.</summary>
    public virtual int PolicyUpdates(int collections) => collections * Epochs * MiniBatches;

    public abstract PolicyLearner Open(RolloutSegment run, LanguageModel policy, StepContext context);
}

/// <summary>A trainer, with what belongs to it.</summary>
public class PolicyLearner(PolicyGradientTrainer trainer) : IDisposable
{
    public PolicyGradientTrainer Trainer { get; } = trainer;

    public virtual void Save(StepContext context)
    {
    }

    public virtual void Dispose()
    {
        Trainer.Dispose();
        GC.SuppressFinalize(this);
    }
}

/// <summary>RLOO (Ahmadian et al. 2024).</summary>
public sealed record RlooMethod : PolicyMethod
{
    public override string Name => "rloo";

    public override PolicyLearner Open(
        RolloutSegment run, LanguageModel policy, StepContext context) => new(new RlooTrainer(policy, new RlooOptions
    {
        Policy = run.Recipe,
        Kl = Kl,
        Epochs = Epochs,
        MiniBatches = MiniBatches,
        ClipRange = ClipRange,
        Estimator = Estimator,
        ScoreClip = ScoreClip,
        MissingEos = MissingEos,
        WhitenAdvantages = WhitenAdvantages,
        RowBudget = run.RowBudget,
        Seed = run.Seed,
    }));
}

/// <summary>PPO with a value model of its own.</summary>
public sealed record PpoMethod : PolicyMethod
{
    private const string Value = "value";
    private const string ValueOptimizer = "value-optimizer.safetensors";

    public override string Name => "ppo";

    /// <summary>The model with one score that the value model begins as; null: the SFT model's trunk with a head of its own.</summary>
    public required NamedFolder? ValueStart { get; init; }

    public required double ValueLearningRate { get; init; }

    /// <summary>Collections that train the value model alone.</summary>
    public required int ValueWarmup { get; init; }

    public required double ValueClipRange { get; init; }

    /// <summary>γ.</summary>
    public required double Discount { get; init; }

    /// <summary>λ.</summary>
    public required double Trace { get; init; }

    public required bool WhitenRewards { get; init; }

    public override IReadOnlyList<string> StateFiles => [Value, ValueOptimizer];

    public override int PolicyUpdates(int collections) => base.PolicyUpdates(Math.Max(0, collections - ValueWarmup));

    public override PolicyLearner Open(RolloutSegment run, LanguageModel policy, StepContext context)
    {
        LanguageModel value = Start(run, policy, context);
        PpoTrainer trainer = new(policy, value, Options(run));
        if (run.Previous is { } previous)
        {
            ModelFiles.Restore(context.DirectoryOf(previous), trainer.Value.State, previous.End * Epochs * MiniBatches, ValueOptimizer);
        }

        return new Learner(trainer, value);
    }

    /// <summary>With an adapter the value model is one too, on the frozen weights that it begins as.</summary>
    private LanguageModel Start(RolloutSegment run, LanguageModel policy, StepContext context)
    {
        IDevice device = context.Service<IDevice>();
        if (run.Previous is { } previous)
        {
            string stored = Path.Combine(context.DirectoryOf(previous), Value);
            string? trunk = ModelFolder.IsAdapter(stored) ? (ValueStart ?? run.Model).TrunkIn(context) : null;
            using ModelFolder left = ModelFolder.Open(stored, told: null, trunk);
            return left.Load(device, training: true, OutputHead.Score, policy);
        }

        if (ValueStart is null)
        {
            return ScoreModel.From(policy, run.Seed, training: true);
        }

        using ModelFolder start = ValueStart.Open(context);
        return run.Lora is null || start.Lora is not null
            ? start.Load(device, training: true, OutputHead.Score)
            : start.LoadAdapted(device, run.Lora, run.Seed, OutputHead.Score);
    }

    private PpoOptions Options(RolloutSegment run) => new()
    {
        Policy = run.Recipe,
        Value = run.Recipe with { LearningRate = run.Recipe.LearningRate with { Peak = ValueLearningRate } },
        Kl = Kl,
        Epochs = Epochs,
        MiniBatches = MiniBatches,
        ClipRange = ClipRange,
        Estimator = Estimator,
        ScoreClip = ScoreClip,
        MissingEos = MissingEos,
        WhitenAdvantages = WhitenAdvantages,
        ValueWarmup = ValueWarmup,
        ValueClipRange = ValueClipRange,
        Discount = Discount,
        Trace = Trace,
        WhitenRewards = WhitenRewards,
        RowBudget = run.RowBudget,
        Seed = run.Seed,
    };

    private sealed class Learner(PpoTrainer trainer, LanguageModel value) : PolicyLearner(trainer)
    {
        private readonly Updater updater = trainer.Value;

        public override void Save(StepContext context)
        {
            ModelFiles.Save(context, value, Value, carryFrom: null, new Dictionary<string, string>());
            ModelFiles.SaveOptimizer(context.OutputDirectory, updater.State, ValueOptimizer);
        }

        public override void Dispose()
        {
            base.Dispose();
            value.Dispose();
        }
    }
}
