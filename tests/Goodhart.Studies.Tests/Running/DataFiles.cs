using System.IO.Compression;
using Goodhart.Engine.Cpu;
using Goodhart.Models;
using Goodhart.Steps.Training;
using Goodhart.Studies.Configuration;
using Goodhart.Testing;

namespace Goodhart.Studies.Tests.Running;

/// <summary>A tiny GPT-NeoX with Pythia's tokenizer and two dozen TL;DR pairs, split by prompt: what a study of one's own takes.</summary>
public sealed class DataFiles : IDisposable
{
    private const int Held = 8;

    private readonly string root = Directory.CreateTempSubdirectory("goodhart-data-").FullName;

    public DataFiles()
    {
        string tokenizer = Directory.CreateDirectory(Path.Combine(root, "tokenizer")).FullName;
        using (GZipStream packed = new(File.OpenRead(Golden.Path("tokenizer", "pythia", "tokenizer.json.gz")), CompressionMode.Decompress))
        {
            using FileStream file = File.Create(Path.Combine(tokenizer, "tokenizer.json"));
            packed.CopyTo(file);
        }

        File.Copy(Golden.Path("tokenizer", "pythia", "tokenizer_config.json"), Path.Combine(tokenizer, "tokenizer_config.json"));
        using CpuDevice device = new(1);
        new NewModel(HiddenSize: 8, Layers: 1, Heads: 1, MaxPositions: 128, Vocabulary: null, Seed: 3).Write(device, tokenizer, Model);

        string[] rows = File.ReadAllLines(Golden.Path("data", "dove-tldr", "tldr_judged_pairs.jsonl"));
        File.WriteAllLines(Preferences, rows[..^Held]);
        File.WriteAllLines(HeldOut, rows[^Held..]);
    }

    public string Model => Path.Combine(root, "model");

    /// <summary>Of the same size, with random scores.</summary>
    public string RewardModel()
    {
        string path = Path.Combine(root, "reward");
        if (!Directory.Exists(path))
        {
            using CpuDevice device = new(1);
            ModelConfig config = ModelConfig.Read(Path.Combine(Model, "config.json")) with { Head = OutputHead.Score };
            using LanguageModel model = config.Create(device, training: false);
            WeightInitializer.Initialize(model, 5);
            ModelFolder.Save(path, config, (name, destination) => model.Parameters.Get(name).CopyTo(destination));
            File.Copy(Path.Combine(Model, "tokenizer.json"), Path.Combine(path, "tokenizer.json"));
            File.Copy(Path.Combine(Model, "tokenizer_config.json"), Path.Combine(path, "tokenizer_config.json"));
        }

        return path;
    }

    public string Preferences => Path.Combine(root, "train.jsonl");

    public string HeldOut => Path.Combine(root, "held-out.jsonl");

    /// <summary>A study of 4 updates; the human's summary is the chosen one.</summary>
    public string Text => $$"""
        name: mine
        data:
          preferences: {{Preferences}}
          heldOut: {{HeldOut}}
          sft: {{Preferences}}
          columns: { chosen: human, rejected: model }
          prompt: { maxTokens: 96, truncate: newline }
        models:
          - { name: tiny, from: {{Model}} }
        sft:
          epochs: 1
          batchSize: 8
          optimizer: { name: rmsprop, alpha: 0.99, eps: 1e-8 }
          learningRate: 1e-3
          warmupSteps: 1
          clipNorm: 10
          reduction: sequenceMean
        align:
          losses: [dpo, slic]
          betas: [0.1]
          checkpoints: [0.5, 1.0]
          batchSize: 4
          optimizer: { name: rmsprop, alpha: 0.99, eps: 1e-8 }
          learningRate: 1e-3
          warmupSteps: 1
          clipNorm: 10
        evaluate:
          prompts: 4
          temperature: 1.0
          maxNewTokens: 8
          samplesPerPrompt: 1
          finalSamplesPerPrompt: 2
          heldOutPairs: 4
        seeds: [0]
        keep: weights
        """;

    internal StudyDefinition Study(params string[] overrides) => StudyFile.Parse("mine.yaml", Text, overrides);

    public void Dispose() => Directory.Delete(root, recursive: true);
}
