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
    /// <summary>Pairs: what couples them needs two micro-batches to show.</summary>
    private const int BatchSize = 2;

    /// <param name="lora">The adapter that is trained; null: all weights are.</param>
    public long OfTraining(ModelConfig model, Optimizer optimizer, LoraConfig? lora) =>
        OfAlignment(model, optimizer, lora, couples: false, RemedyPlan.None);

    public long OfRewards(ModelConfig model, Optimizer optimizer, LoraConfig? lora) =>
        Rehearsal(model, optimizer).Rewards(Choice(lora), Widest()).Bytes;

    /// <param name="couples">Whether the loss couples the pairs of a batch.</param>
    /// <param name="remedies">Some hold the reference's model too.</param>
    public long OfAlignment(ModelConfig model, Optimizer optimizer, LoraConfig? lora, bool couples, RemedyPlan remedies) =>
        Rehearsal(model, optimizer).Preferences(Choice(lora), couples, remedies, model, Widest()).Bytes;

    /// <summary>A collection and its updates, every prompt as long as may be.</summary>
    public long OfRollouts(
        ModelConfig model, PolicyGradientOptions options, LoraConfig? lora, IReadOnlyList<ModelConfig> rewards, int prompts,
        int longestPrompt, int samplesPerPrompt, int maxNewTokens)
    {
        SamplingPrompt[] collection =
            [.. Enumerable.Range(0, prompts).Select(item => new SamplingPrompt(item, new int[Math.Max(1, longestPrompt)]))];
        return new RolloutRehearsal(model, null, rewards, options, Seed: 0).Of(
            Choice(lora), [collection], samplesPerPrompt, maxNewTokens).Bytes;
    }

    /// <summary>Weights and the files they are mapped from, and the widest layer of a tree of responses.</summary>
    public static long OfScoring(ModelShape[] models) =>
        models.Sum(model => (2 * model.WeightBytes) + model.LayerBytes(ResponseTrees.MostRows));

    /// <summary>Policy, its weights laid out for sampling, and reference, the larger one's file, and the keys and values of what is
    /// sampled at once.</summary>
    public static long OfMeasuring(ModelShape model, int cacheRows) => (4 * model.WeightBytes) + model.CacheBytes(cacheRows);

    private MemoryChoice Choice(LoraConfig? lora) => new(rows, memory, lora, device);

    private static TrainingRehearsal Rehearsal(ModelConfig model, Optimizer optimizer) => new(
        model, TrainingOptions.Constant(BatchSize, optimizer, learningRate: 1, warmupSteps: 0, clipNorm: 1), Seed: 0, Updates: 1);

    /// <summary>Each is a micro-batch of its own.</summary>
    private TokenizedPair[] Widest()
    {
        int response = Math.Max(1, rows / 4);
        int prompt = Math.Max(1, rows - (2 * response));
        return
        [
            .. Enumerable.Range(0, BatchSize).Select(
                id => new TokenizedPair(id, new int[prompt], new int[response], new int[response])),
        ];
    }
}
