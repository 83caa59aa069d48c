using Goodhart.Engine;
using Goodhart.Engine.Ops;
using Goodhart.Models.Adapters;

namespace Goodhart.Models;

/// <summary>An autoregressive policy: hidden states over a forest, and one token at a time from a cache.</summary>
/// <remarks>Policy and reference are roles, not types: both are language models. So are reward and value models, whose head gives one
/// score (<see cref="OutputHead.Score"/>).</remarks>
public abstract class LanguageModel : IDisposable
{
    private readonly IArena? tiedGradient;

    /// <param name="weights">Taken over.</param>
    protected LanguageModel(IDevice device, ModelConfig config, ModelWeights weights)
    {
        (Device, Config, Shape, Weights) = (device, config, config.Shape, weights);
        Unembedding = weights.Adapter?.Head ?? Parameters[config.HeadName];
        if (config.HeadName == config.EmbeddingName && Unembedding.IsTrained)
        {
            // The two uses of a tied weight accumulate apart: in one buffer they would take turns micro-batch by micro-batch, and how a
            // batch is cut would change bits.
            tiedGradient = device.CreateArena("tied head gradient", Unembedding.Value.Count * sizeof(float));
            Unembedding = Embedding with { Gradient = tiedGradient.Allocate(Embedding.Value.Rows, Embedding.Value.Cols) };
        }
    }

    public IDevice Device { get; }

    public ModelConfig Config { get; }

    public ModelShape Shape { get; }

    public ModelWeights Weights { get; }

    /// <summary>Those of the checkpoint's tensors; of an adapted model, the frozen ones that its adapter stands beside.</summary>
    public ParameterSet Parameters => Weights.Parameters;

    /// <summary>What updates move: the adapter's, where there is one.</summary>
    public ParameterSet TrainedParameters => Weights.Trained;

    public int VocabularySize => Config.VocabSize;

    /// <summary>Longest sequence, prompt and response together, in tokens.</summary>
    public int MaxPositions => Config.MaxPositions;

    /// <summary>[V, d]: the head's weight (the input embedding where the two are tied), or [1, d] of a score.</summary>
    public Parameter Unembedding { get; }

    /// <summary>[V, d].</summary>
    protected Parameter Embedding => Parameters[Config.EmbeddingName];

    /// <summary>Final hidden states of the plan's head rows, [r, d], ready for the head.</summary>
    public Tensor Hidden(Tape tape, IPlan plan) => Run(tape, new ForestContext(plan));

    /// <summary>Begins a batch.</summary>
    public virtual void ZeroGradients()
    {
        TrainedParameters.ZeroGradients();
        if (tiedGradient is not null)
        {
            Device.Ops.Zero(Unembedding.Gradient);
        }
    }

    /// <summary>
    /// Ends a batch: brings together what its parts accumulated apart. Only then are the gradients those of the parameters.
    /// </summary>
    public virtual void CompleteGradients()
    {
        if (tiedGradient is not null)
        {
            Device.Ops.AddTo(Unembedding.Gradient, Embedding.Gradient);
        }
    }

    /// <summary>Memory for decoding: <paramref name="rows"/> tokens, prompts and responses together.</summary>
    public IDecodeCache CreateCache(int rows) => new KeyValueCache(Device, Config, rows);

    /// <summary>Promises that no parameter moves until the result is disposed of: see <see cref="IDevice.Hold"/>.</summary>
    public IDisposable Hold(IArena arena) => Device.Hold(new HeldWeights(Weights.OfLinearLayers, Unembedding.Value), arena);

    /// <summary>Runs whole prompts, stores what decoding needs of them, and returns the hidden states of the plan's head rows.</summary>
    /// <param name="cacheRows">[rows, 1] I32: where each row of the plan goes.</param>
    public Tensor Prefill(Tape tape, IPlan plan, IDecodeCache cache, Mat cacheRows) =>
        Run(tape, new ForestContext(plan, (KeyValueCache)cache, cacheRows));

    /// <summary>One more token per sequence; returns its hidden state, [n, d].</summary>
    public Tensor Decode(Tape tape, DecodeRows rows, IDecodeCache cache) => Run(tape, new DecodeContext(rows, (KeyValueCache)cache));

    /// <summary>
    /// The same model under another adapter, on the same parameters: without one, the model that a policy's adapter began as.
    /// </summary>
    /// <param name="adapter">Taken over; null: none.</param>
    /// <exception cref="InvalidOperationException">The parameters are trained.</exception>
    public LanguageModel WithAdapter(Adapter? adapter) => Config.Create(Device, Weights.Share(adapter));

    public virtual void Dispose()
    {
        tiedGradient?.Dispose();
        Weights.Dispose();
        GC.SuppressFinalize(this);
    }

    /// <summary>From tokens to final hidden states, ready for the head.</summary>
    private protected abstract Tensor Run(Tape tape, IAttentionContext context);

    /// <summary>The embedded tokens through all layers, each a checkpoint where the tape recomputes.</summary>
    /// <param name="layer">Of a tape, the layer's input and its index; it does not write to its input.</param>
    private protected Tensor RunLayers(Tape tape, IAttentionContext context, int count, Func<Tape, Tensor, int, Tensor> layer)
    {
        Tensor x = tape.Embed(Embedding, context.Tokens);
        for (int i = 0; i < count; i++)
        {
            int index = i;
            Tensor y = tape.Checkpoint(x, (part, input) => layer(part, input, index));
            tape.Discard(x);
            x = y;
        }

        return x;
    }
}

/// <summary>What a model keeps of earlier tokens while decoding.</summary>
public interface IDecodeCache : IDisposable;

/// <summary>The tokens of one decoding step, all [n, ·] I32.</summary>
/// <param name="CacheRows">[n, 1]: where each token goes.</param>
/// <param name="Ranges">[n, 4]: (promptStart, promptLength, ownStart, ownLength) in cache rows, this token included.</param>
public readonly record struct DecodeRows(Mat Tokens, Mat Positions, Mat CacheRows, Mat Ranges);
