using Goodhart.Alignment.PolicyGradient;
using Goodhart.Alignment.Training;
using Goodhart.Engine;
using Goodhart.Models;
using Goodhart.Models.Adapters;
using Goodhart.Models.Rewards;
using Goodhart.Pipeline;
using Goodhart.Steps.Folders;

namespace Goodhart.Steps.Training;

/// <summary>How a policy learns from scored samples. A variant is a type.</summary>
public abstract record PolicyMethod
{
    public abstract string Name { get; }

    /// <summary>As its trainer takes them.</summary>
    public abstract PolicyGradientOptions Options { get; }

    /// <summary>Files beside the policy's that the next part of the run reads.</summary>
    public virtual IReadOnlyList<string> StateFiles => [];

    /// <summary>Of so many collections.</summary>
    public virtual int PolicyUpdates(int collections) => collections * Options.Epochs * Options.MiniBatches;

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
public sealed record RlooMethod(RlooOptions Rloo) : PolicyMethod
{
    public override string Name => "rloo";

    public override PolicyGradientOptions Options => Rloo;

    public override PolicyLearner Open(RolloutSegment run, LanguageModel policy, StepContext context) =>
        new(new RlooTrainer(policy, Rloo, run.Seed, run.RowBudget, context.Service<TrainingMemory>()));
}

/// <summary>PPO with a value model of its own.</summary>
public sealed record PpoMethod(PpoOptions Ppo) : PolicyMethod
{
    private const string Value = "value";
    private const string ValueOptimizer = "value-optimizer.safetensors";

    public override string Name => "ppo";

    public override PolicyGradientOptions Options => Ppo;

    /// <summary>The model with one score that the value model begins as; null: the SFT model's trunk with a head of its own.</summary>
    public required NamedFolder? ValueStart { get; init; }

    public override IReadOnlyList<string> StateFiles => [Value, ValueOptimizer];

    public override int PolicyUpdates(int collections) => base.PolicyUpdates(Math.Max(0, collections - Ppo.ValueWarmup));

    public override PolicyLearner Open(RolloutSegment run, LanguageModel policy, StepContext context)
    {
        LanguageModel value = Start(run, policy, context);
        PpoTrainer trainer = new(policy, value, Ppo, run.Seed, run.RowBudget, context.Service<TrainingMemory>());
        if (run.Previous is { } previous)
        {
            ModelFiles.Restore(
                context.DirectoryOf(previous), trainer.Value.State, previous.End * Ppo.Epochs * Ppo.MiniBatches, ValueOptimizer);
        }

        return new Learner(trainer, value);
    }

    /// <summary>Where the policy is an adapter the value model is one too, on the frozen weights that it begins as.</summary>
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
        LoraConfig? adapter = run.Lora ?? policy.Weights.Adapter?.Config.OnOther(start.Config);
        return adapter is null || start.Lora is not null
            ? start.Load(device, training: true, OutputHead.Score)
            : start.LoadAdapted(device, adapter, run.Seed, OutputHead.Score);
    }

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
