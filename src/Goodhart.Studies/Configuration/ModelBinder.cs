using Goodhart.Models;
using Goodhart.Worlds;

namespace Goodhart.Studies.Configuration;

/// <summary>A model of a study file: a folder that is there, or a size.</summary>
internal static class ModelBinder
{
    /// <param name="pretrained">Whether models of random weights are pre-trained.</param>
    public static ModelDefinition Bind(MappingReader model, bool ofWorld, bool pretrained)
    {
        string name = model.Read("name", ValueRule.Name, "");
        if (model.Has("from") || (!ofWorld && !model.Has("hiddenSize")))
        {
            return new ExistingModel(name, model.Path("from"));
        }

        SizedModel bound = new(
            name,
            model.Whole("hiddenSize", min: 4),
            model.Whole("layers", min: 1),
            model.Whole("heads", min: 1),
            ofWorld && !model.Has("maxPositions") ? TldrWorld.MaxPositions : model.Whole("maxPositions", min: 2),
            pretrained ? model.Read("pretrainLearningRate", ValueRule.AboveZero, 1) : null,
            model.Has("architecture") ? model.Read("architecture", ValueRule.OneOf(Architecture.Names), "") : null);
        model.Require(
            bound.HiddenSize % bound.Heads == 0, "heads", $"expected a divisor of hiddenSize ({bound.HiddenSize}), found {bound.Heads}.");
        int headSize = bound.HiddenSize / bound.Heads;
        model.Require(
            headSize % 2 == 0 && headSize >= 4,
            "heads",
            $"expected heads of an even size, at least 4, found hiddenSize / heads = {headSize}: "
            + "rotary embedding turns pairs of dimensions.");
        return bound;
    }
}
