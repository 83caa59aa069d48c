using System.Text.Json.Serialization;

namespace Goodhart.Studies.Configuration;

/// <summary>A model of a study. A variant is a type.</summary>
[JsonConverter(typeof(Json))]
public abstract record ModelDefinition(string Name)
{
    private sealed class Json() : VariantJson<ModelDefinition>(
        "a model", json => json.ContainsKey("from") ? typeof(ExistingModel) : typeof(SizedModel));
}

/// <summary>A model that exists.</summary>
/// <param name="From">A Hugging Face folder.</param>
public sealed record ExistingModel(string Name, StudyPath From) : ModelDefinition(Name);

/// <summary>A model of random weights, drawn from the study's seed.</summary>
/// <param name="MaxPositions">Tokens of the longest sequence.</param>
/// <param name="PretrainLearningRate">Peak of the pre-training's cosine; null where there is none.</param>
/// <param name="Architecture">Its name; null: the default one.</param>
public sealed record SizedModel(
    string Name, int HiddenSize, int Layers, int Heads, int MaxPositions, double? PretrainLearningRate, string? Architecture = null)
    : ModelDefinition(Name);
