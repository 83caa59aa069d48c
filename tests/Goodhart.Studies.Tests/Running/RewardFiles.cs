using Goodhart.Engine.Cpu;
using Goodhart.Models;
using Goodhart.Models.Rewards;
using Goodhart.Steps.Training;

namespace Goodhart.Studies.Tests.Running;

/// <summary>Reward models of no use for the tiny model of <see cref="DataFiles"/>: its trunk under heads that were drawn.</summary>
public sealed class RewardFiles : IDisposable
{
    /// <summary>Four collections of 2 × 2 episodes.</summary>
    internal const string Rlhf =
        "rlhf={reward: {batchSize: 8, optimizer: {name: rmsprop, alpha: 0.99, eps: 1e-8}, learningRate: 1e-3, warmupSteps: 1, "
            + "clipNorm: 10}, "
        + "ppo: {betas: [0.1], collections: 4, prompts: 2, samplesPerPrompt: 2, epochs: 2, miniBatches: 2, "
        + "optimizer: {name: adam, beta1: 0.9, beta2: 0.95, eps: 1e-8}, learningRate: 1e-2, valueLearningRate: 1e-3, warmupSteps: 0, "
        + "clipNorm: 1, "
        + "clipRange: 0.2, valueWarmup: 1, lambda: 0.95}, bestOfN: {n: [2, 8], pool: 8}}";

    private readonly string root = Directory.CreateTempSubdirectory("goodhart-rewards-").FullName;

    public RewardFiles()
    {
        Write(Data.Model, Reward, 1);
        Write(Data.Model, SameReward, 1);
        Write(Data.Model, OtherReward, 2);
        Write(Data.Model, Path.Combine(Ensemble, "member-1", "model"), 3);
        Write(Data.Model, Path.Combine(Ensemble, "member-2", "model"), 4);
        string small = Path.Combine(root, "short-language");
        using CpuDevice device = new(1);
        new NewModel(HiddenSize: 8, Layers: 1, Heads: 1, MaxPositions: 64, Vocabulary: null, Seed: 3).Write(device, Data.Model, small);
        Write(small, ShortReward, 1);
    }

    internal DataFiles Data { get; } = new();

    internal string Reward => Path.Combine(root, "reward");

    internal string SameReward => Path.Combine(root, "same");

    internal string OtherReward => Path.Combine(root, "other");

    internal string ShortReward => Path.Combine(root, "short");

    internal string Ensemble => Path.Combine(root, "ensemble");

    public void Dispose()
    {
        Data.Dispose();
        Directory.Delete(root, recursive: true);
    }

    private static void Write(string language, string folder, ulong seed)
    {
        using CpuDevice device = new(1);
        using LanguageModel trunk = ModelFolder.Load(device, language, training: false);
        using LanguageModel model = ScoreModel.From(trunk, seed, training: false);
        Directory.CreateDirectory(folder);
        ModelFolder.SaveInto(model, folder, new SaveOptions { CarryFrom = language });
    }
}
