using Goodhart.Engine.Optimizers;
using Goodhart.Models;
using Goodhart.Models.Scoring;

namespace Goodhart.Studies.Running;

/// <summary>Memory that steps take at their peak, about: single precision, bytes.</summary>
internal static class StepMemory
{
    /// <summary>Weights, the file they are mapped from, gradients, optimizer state, and one micro-batch's activations and logits.</summary>
    /// <param name="trained">Numbers that are trained, where they are an adapter's and the weights are frozen; null: the weights.</param>
    public static long OfTraining(ModelShape model, Optimizer optimizer, int rows, long? trained = null) =>
        model.WeightBytes + model.TrainingBytes(optimizer.StateNames.Count, trained) + model.ActivationBytes(rows);

    /// <summary>Policy and value model in training (with adapters on the same weights, which are the reference's too), reference and reward
    /// models to read, and the keys and values of a collection.</summary>
    public static long OfRollouts(
        ModelShape model, Optimizer optimizer, long? trained, ModelShape[] rewards, int rows, int cacheRows) =>
        (2 * OfTraining(model, optimizer, rows, trained)) + (trained is null ? 2 * model.WeightBytes
            : 0) + rewards.Sum(reward => 2 * reward.WeightBytes)
            + model.CacheBytes(cacheRows);

    /// <summary>Weights and the files they are mapped from, and the widest layer of a tree of responses.</summary>
    public static long OfScoring(ModelShape[] models) =>
        models.Sum(model => (2 * model.WeightBytes) + model.LayerBytes(ResponseTrees.MostRows));

    /// <summary>Policy and reference, the larger one's file, and the keys and values of what is sampled at once.</summary>
    public static long OfMeasuring(ModelShape model, int cacheRows) => (3 * model.WeightBytes) + model.CacheBytes(cacheRows);
}
