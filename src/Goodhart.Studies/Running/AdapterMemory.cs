using System.Globalization;
using Goodhart.Engine.Optimizers;
using Goodhart.Models;

namespace Goodhart.Studies.Running;

/// <summary>Weights, gradients and optimizer state of a model under an adapter, and what they would be without; bytes.</summary>
/// <param name="Whole">Where all weights are trained.</param>
public sealed record AdapterMemory(long Adapted, long Whole)
{
    /// <param name="trained">Numbers of the adapter.</param>
    public static AdapterMemory Of(ModelShape model, Optimizer optimizer, long trained) => new(
        model.TrainingBytes(optimizer.StateNames.Count, trained), model.TrainingBytes(optimizer.StateNames.Count));

    public override string ToString() => string.Create(
        CultureInfo.InvariantCulture,
        $"adapter: weights, gradients and optimizer state take {Adapted / 1e6:N1} MB, {(double)Adapted / Whole:P0} of the ")
        + string.Create(CultureInfo.InvariantCulture,
            $"{Whole / 1e6:N1} MB that training all weights takes; the reference takes none of its own.");
}
