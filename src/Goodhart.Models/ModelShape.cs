using Goodhart.Models.Safetensors;

namespace Goodhart.Models;

/// <summary>How large a model is, and what it takes: the one count of parameters, floating-point operations and bytes.</summary>
/// <remarks>
/// <para>Parameters are those of the checkpoint's tensors.</para>
/// <para>Floating-point operations are 2 per multiply-add of the products a pass needs: linear layers, the causal half of attention, and
/// the head on the rows that are read; a backward pass is twice a forward one. In the last layer rows that are not read go no further than
/// their keys and values.</para>
/// <para>Bytes are of single precision, in which everything is computed.</para>
/// </remarks>
public sealed class ModelShape
{
    /// <summary>Numbers that a layer has at once per token row and hidden dimension, about.</summary>
    private const long ActivationsPerDimension = 34;

    private readonly ModelConfig config;
    private readonly long layerMatrices;
    private readonly long headWeights;

    public ModelShape(ModelConfig config)
    {
        this.config = config;
        foreach (TensorSpec tensor in config.Tensors())
        {
            Parameters += tensor.Shape.Elements;
            if (tensor.Name != config.EmbeddingName && tensor.Name != config.HeadName)
            {
                NonEmbedding += tensor.Shape.Elements;
                layerMatrices += tensor.Shape.Rank == 2 ? tensor.Shape.Elements : 0;
            }
        }

        headWeights = (config.Head == OutputHead.Score ? 1L : config.VocabSize) * config.HiddenSize;
    }

    public long Parameters { get; }

    /// <summary>Parameters other than the input embedding and the head.</summary>
    public long NonEmbedding { get; }

    /// <summary>Bytes of the weights.</summary>
    public long WeightBytes => sizeof(float) * Parameters;

    /// <summary>Floating-point operations of a forward pass over one prompt with responses that share it.</summary>
    /// <param name="prompt">Tokens.</param>
    /// <param name="response">Tokens of each that are inputs.</param>
    /// <param name="promptRead">Whether prompt rows are read by the head too (pre-training).</param>
    public double Forward(double prompt, double response, int responses, bool promptRead = false)
    {
        double rows = prompt + (responses * response);
        double ofPrompt = prompt * (prompt + 1) / 2;
        double ofResponses = responses * ((response * prompt) + (response * (response + 1) / 2));
        return promptRead
            ? Products(rows, rows, ofPrompt + ofResponses, ofPrompt + ofResponses)
            : Products(rows, 1 + (responses * response), ofPrompt + ofResponses, prompt + ofResponses);
    }

    /// <summary>Floating-point operations of a forward pass over any rows.</summary>
    /// <param name="rows">Token rows.</param>
    /// <param name="read">Those of them that the head reads.</param>
    /// <param name="pairs">Of a row and a row that it sees, itself among them.</param>
    /// <param name="readPairs">Those whose row the head reads.</param>
    public double Products(double rows, double read, double pairs, double readPairs)
    {
        double whole = (double)layerMatrices / config.Layers;
        double keysAndValues = 2.0 * config.KeyValueHeads * config.HeadSize * config.HiddenSize;
        double linear = ((((config.Layers - 1) * rows) + read) * whole) + ((rows - read) * keysAndValues);
        double attention = (((config.Layers - 1) * pairs) + readPairs) * 2 * config.Heads * config.HeadSize;
        return 2 * (linear + attention + (read * headWeights));
    }

    /// <summary>... and of the backward pass too.</summary>
    public double Training(double prompt, double response, int responses, bool promptRead = false) =>
        3 * Forward(prompt, response, responses, promptRead);

    /// <summary>Bytes that training holds before any activation: weights, gradients and optimizer state.</summary>
    /// <param name="statesPerWeight">Numbers that the optimizer keeps of a weight: 1 for RMSprop, 2 for Adam.</param>
    /// <param name="trained">Numbers that are trained where the weights are frozen: an adapter's; null: the weights.</param>
    public long TrainingBytes(int statesPerWeight, long? trained = null) =>
        ((2 + statesPerWeight) * sizeof(float) * (trained ?? Parameters)) + (trained is null ? 0 : WeightBytes);

    /// <summary>Bytes of the keys and values of so many tokens.</summary>
    public long CacheBytes(long rows) => sizeof(float) * 2 * rows * config.Layers * config.KeyValueHeads * config.HeadSize;

    /// <summary>Bytes of the widest layer of a forest that nobody trains on, about.</summary>
    public long LayerBytes(long rows) => sizeof(float) * ActivationsPerDimension * rows * config.HiddenSize;
}
