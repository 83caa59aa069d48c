using System.Globalization;
using Goodhart.Models;
using Goodhart.Models.Adapters;

namespace Goodhart.Steps.Runs;

/// <summary>What of a model is trained: all of it, a new adapter, or the adapter that its folder is.</summary>
/// <param name="New">An adapter that is made, its layers named; null: none.</param>
/// <param name="Adapter">... or the folder's; null: the weights are trained.</param>
/// <param name="Parameters">Numbers that are trained.</param>
internal sealed record TrainedPart(LoraConfig? New, LoraConfig? Adapter, long Parameters)
{
    /// <param name="wanted">The new adapter; null: none.</param>
    /// <param name="head">What the trained model gives.</param>
    /// <exception cref="InvalidDataException">The folder is an adapter's already, or it has no such layers.</exception>
    public static TrainedPart Of(ModelInput model, LoraConfig? wanted, OutputHead head = OutputHead.Language)
    {
        if (wanted is not null && model.Lora is { } own)
        {
            throw AdapterFault.Twice(model.Folder.Path, own);
        }

        LoraConfig? named = wanted?.For(model.Config);
        return new TrainedPart(
            named, named ?? model.Lora, (named ?? model.Lora)?.ParametersOn(model.Config, head) ?? model.Config.Shape.Parameters);
    }

    /// <summary>Numbers that are trained where the weights are frozen; null: the weights are trained.</summary>
    public long? OfAdapter => Adapter is null ? null : Parameters;

    /// <summary>For run.json; null where the weights are trained.</summary>
    public object? Record => Adapter is null ? null : new
    {
        Adapter.Rank,
        Adapter.Alpha,
        Adapter.RankStabilized,
        targets = Adapter.Targets?.ToString(),
        excluded = Adapter.Excluded?.ToString(),
        init = Adapter.Start,
        Parameters,
    };

    /// <summary>A line for people; null where the weights are trained.</summary>
    public string? Line(ModelConfig model)
    {
        if (Adapter is null)
        {
            return null;
        }

        string scaling = Adapter.RankStabilized ? ", rank-stabilised" : "";
        double share = (double)Parameters / model.Shape.Parameters;
        return string.Create(
            CultureInfo.InvariantCulture,
            $"adapter of rank {Adapter.Rank}, α {Adapter.Alpha}{scaling}, on {Adapter.Targets}: {Parameters:N0} numbers are trained, ")
            + string.Create(CultureInfo.InvariantCulture, $"{share:P2} of the model's {model.Shape.Parameters:N0}, which are frozen");
    }
}
