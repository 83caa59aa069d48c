using Goodhart.Models.GptNeoX;

namespace Goodhart.Models;

/// <summary>Sizes of published models, for who wants a model of that size whatever its architecture.</summary>
public static class PublishedSizes
{
    /// <summary>The Pythia suite, smallest first, by the names of its models.</summary>
    public static IReadOnlyList<(string Name, ModelDimensions Dimensions)> All { get; } =
    [
        .. PythiaModel.All.Select(model => (model.Name, new ModelDimensions
        {
            HiddenSize = model.HiddenSize,
            Layers = model.Layers,
            Heads = model.Heads,
            VocabSize = model.VocabSize,
            MaxPositions = 2048,
        })),
    ];
}
