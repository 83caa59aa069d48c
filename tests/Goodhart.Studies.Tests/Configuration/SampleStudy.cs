using Goodhart.Studies.Configuration;
using Xunit;

namespace Goodhart.Studies.Tests.Configuration;

/// <summary>A right study file to break one line at a time.</summary>
internal static class SampleStudy
{
    public const string Text = """
        name: tiny
        world: tldr
        models:
          - { name: S, hiddenSize: 48, layers: 2, heads: 2, pretrainLearningRate: 3e-3 }
        pretrain:
          examples: 640
          batchSize: 32
          optimizer: { name: adam, beta1: 0.9, beta2: 0.95, eps: 1e-8 }
          warmupSteps: 99
          clipNorm: 1.0
          promptWeight: 0.2
        sft:
          examples: 256
          batchSize: 32
          optimizer: { name: adamw, beta1: 0.9, beta2: 0.95, eps: 1e-8, weightDecay: 0.01 }
          learningRate: 2e-4
          warmupSteps: 49
          clipNorm: 10
          reduction: sequenceMean
        align:
          losses: [dpo, ipo-code]
          betas: [0.1, 0.8]
          checkpoints: [0.5, 1.0]
          pairs: 256
          batchSize: 32
          optimizer: { name: rmsprop, alpha: 0.99, eps: 1e-8 }
          learningRate: 2e-4
          warmupSteps: 29
          clipNorm: 10
        evaluate:
          prompts: 16
          temperature: 1.0
          maxNewTokens: 24
          samplesPerPrompt: 1
          finalSamplesPerPrompt: 2
          heldOutPairs: 16
        seeds: [0, 3]
        keep: weights
        """;

    public static StudyDefinition Parse(params string[] overrides) => StudyFile.Parse("tiny.yaml", Text, overrides);

    /// <summary>The message for the text with one piece replaced.</summary>
    public static string MessageOf(string piece, string replacement)
    {
        Assert.Contains(piece, Text, StringComparison.Ordinal);
        return MessageOfText(Text.Replace(piece, replacement, StringComparison.Ordinal));
    }

    public static string MessageOfText(string text, params string[] overrides) =>
        Assert.Throws<StudyFileException>(() => StudyFile.Parse("tiny.yaml", text, overrides)).Message;
}
