using System.Text.Json.Nodes;
using Goodhart.Engine;
using Goodhart.Models.HuggingFace;
using Goodhart.Models.Safetensors;

namespace Goodhart.Models;

/// <summary>The shape and constants of a model: what <c>config.json</c> says of it, whatever its architecture.</summary>
/// <remarks>A value that was not read from a file is checked by <see cref="Validate"/>.</remarks>
public abstract record ModelConfig
{
    /// <summary>What reads the final hidden states.</summary>
    public OutputHead Head { get; init; } = OutputHead.Language;

    /// <summary>Rows of the embedding, padding rows included; all of them take part in the softmax.</summary>
    public required int VocabSize { get; init; }

    public required int HiddenSize { get; init; }

    public required int Layers { get; init; }

    /// <summary>Query heads.</summary>
    public required int Heads { get; init; }

    /// <summary>Width of the feed-forward layer.</summary>
    public required int IntermediateSize { get; init; }

    /// <summary>Longest sequence the model was made for, in tokens.</summary>
    public int MaxPositions { get; init; } = 2048;

    /// <summary>The head is the embedding: the files need no tensor for it.</summary>
    public bool TiedEmbeddings { get; init; }

    /// <summary>Standard deviation of fresh weights.</summary>
    public double InitializerRange { get; init; } = 0.02;

    public int? BosTokenId { get; init; }

    public int? EosTokenId { get; init; }

    /// <summary>Further tokens that end a response, where a file names several.</summary>
    public IReadOnlyList<int> FurtherEosTokenIds { get; init; } = [];

    public int? PadTokenId { get; init; }

    /// <summary>Config.json's <c>model_type</c>.</summary>
    public abstract string ModelType { get; }

    /// <summary>Heads that hold keys and values.</summary>
    public abstract int KeyValueHeads { get; }

    /// <summary>Dimensions per head.</summary>
    public abstract int HeadSize { get; }

    /// <summary>The input embedding's tensor, [V, d].</summary>
    public abstract string EmbeddingName { get; }

    /// <summary>The tensor of what reads the hidden states: [V, d] (the embedding where the two are tied), or [1, d] for a score.</summary>
    public abstract string HeadName { get; }

    /// <summary>The tensor that a language model's head would be if it were not the embedding.</summary>
    public abstract string UntiedHeadName { get; }

    /// <summary>How large such a model is.</summary>
    public ModelShape Shape => new(this);

    /// <summary>Reads a config.json.</summary>
    /// <exception cref="FileNotFoundException">No such file.</exception>
    /// <exception cref="InvalidDataException">An unknown model type, an unsupported variant, a missing or impossible value.</exception>
    public static ModelConfig Read(string path) => ConfigFile.Read(path);

    /// <summary>Every tensor the model has, in the order of the forward pass: embedding, layers, final norm, head.</summary>
    public abstract IReadOnlyList<TensorSpec> Tensors();

    /// <summary>Is this a tensor of a checkpoint that says nothing the configuration does not?</summary>
    public abstract bool IsBuffer(string tensor);

    /// <summary>Does this tensor's product go straight into the residual stream? Fresh weights are smaller there.</summary>
    public abstract bool AddsToResidual(string tensor);

    /// <summary>What transformers calls a model of this kind in <c>architectures</c>.</summary>
    public abstract string ClassName(OutputHead head);

    /// <returns>This configuration.</returns>
    /// <param name="source">Named in the message, usually the file.</param>
    /// <exception cref="InvalidDataException">A value that no such model can have; the message names its key in config.json.</exception>
    public abstract ModelConfig Validate(string source);

    /// <summary>The layers that an adapter stands beside where nobody says which: PEFT's choice.</summary>
    public abstract IReadOnlyList<string> UsualAdapterTargets { get; }

    /// <summary>A model of this shape, its weights 0 until they are set, loaded or drawn.</summary>
    /// <param name="training">Whether to hold gradients too.</param>
    public LanguageModel Create(IDevice device, bool training) =>
        Create(device, new ModelWeights(new ParameterSet(device, [.. Tensors().Select(tensor => tensor.Layout())], training)));

    /// <summary>A model of this shape that computes with these weights.</summary>
    /// <param name="weights">Taken over.</param>
    public abstract LanguageModel Create(IDevice device, ModelWeights weights);

    /// <summary>The same model as its equations read.</summary>
    /// <param name="weight">A tensor's values by its name, row-major; asked for again whenever needed.</param>
    public abstract PlainModel CreatePlain(Func<string, float[]> weight);

    /// <summary>
    /// The weights of all linear layers but the head, in the order of the forward pass: what an adapter can stand beside.
    /// </summary>
    internal IReadOnlyList<TensorSpec> LinearLayers() =>
        [.. Tensors().Where(tensor => tensor.Shape.Rank == 2 && tensor.Name != EmbeddingName && tensor.Name != HeadName)];

    /// <param name="dtype">What the weights are stored in, as config.json names it.</param>
    /// <returns>The keys of config.json that restate this configuration.</returns>
    internal abstract JsonObject ToJson(string dtype);

    /// <summary>One id, null, or a list where several end a response.</summary>
    internal JsonNode? EosJson() => FurtherEosTokenIds.Count == 0
        ? EosTokenId
        : new JsonArray([EosTokenId, .. FurtherEosTokenIds]);

    /// <summary>The same trunk under a head of one score.</summary>
    /// <remarks>
    /// transformers reads a sequence's score at its last token that is not the padding's. Where padding and the end are one id, that is the
    /// token before the end, so the copy names no padding then: transformers still scores one sequence at a time and refuses a padded
    /// batch.
    /// </remarks>
    public ModelConfig WithScoreHead() => this with
    {
        Head = OutputHead.Score,
        TiedEmbeddings = false,
        PadTokenId = PadTokenId == EosTokenId ? null : PadTokenId,
    };
}
