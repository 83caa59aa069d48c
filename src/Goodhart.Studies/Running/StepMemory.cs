using Goodhart.Alignment.PolicyGradient;
using Goodhart.Alignment.Remedies;
using Goodhart.Alignment.Training;
using Goodhart.Engine.Optimizers;
using Goodhart.Models;
using Goodhart.Models.Adapters;
using Goodhart.Models.Sampling;
using Goodhart.Models.Scoring;
using Goodhart.Steps.Planning;
using Goodhart.Text.Data;

namespace Goodhart.Studies.Running;

/// <summary>Memory that steps take at their peak, bytes: training gone through without computing, the rest about.</summary>
/// <param name="rows">Token rows of the largest micro-batch.</param>
internal sealed class StepMemory(TrainingMemory memory, DeviceMemory device, int rows)
{
    /// <param name="lora">The adapter that is trained; null: all weights are.</param>
    public long OfTraining(ModelConfig model, Optimizer optimizer, LoraConfig? lora, OutputHead head = OutputHead.Language)
    {
        TrainingRehearsal rehearsal = new(
            model, TrainingOptions.Constant(1, optimizer, learningRate: 1, warmupSteps: 0, clipNorm: 1), Seed: 0, Updates: 1);
        MemoryChoice choice = new(rows, memory, lora, device);
        int response = Math.Max(1, rows / 4);
        TokenizedPair[] widest = [new(0, new int[Math.Max(1, rows - (2 * response))], new int[response], new int[response])];
        return (head == OutputHead.Score
            ? rehearsal.Rewards(choice, widest)
            : rehearsal.Preferences(choice, couples: false, RemedyPlan.None, model, widest)).Bytes;
    }

    /// <summary>A collection and its updates, every prompt as long as may be.</summary>
    public long OfRollouts(
        ModelConfig model, PolicyGradientOptions options, LoraConfig? lora, IReadOnlyList<ModelConfig> rewards, int prompts,
        int longestPrompt, int samplesPerPrompt, int maxNewTokens)
    {
        SamplingPrompt[] collection =
            [.. Enumerable.Range(0, prompts).Select(item => new SamplingPrompt(item, new int[Math.Max(1, longestPrompt)]))];
        return new RolloutRehearsal(model, null, rewards, options, Seed: 0).Of(
            new MemoryChoice(rows, memory, lora, device), [collection], samplesPerPrompt, maxNewTokens).Bytes;
    }

    /// <summary>Weights and the files they are mapped from, and the widest layer of a tree of responses.</summary>
    public static long OfScoring(ModelShape[] models) =>
        models.Sum(model => (2 * model.WeightBytes) + model.LayerBytes(ResponseTrees.MostRows));

    /// <summary>Policy and reference, the larger one's file, and the keys and values of what is sampled at once.</summary>
    public static long OfMeasuring(ModelShape model, int cacheRows) => (3 * model.WeightBytes) + model.CacheBytes(cacheRows);
}
