using Goodhart.Engine;

namespace Goodhart.Models;

/// <summary>An autoregressive policy: hidden states over a forest, and one token at a time from a cache.</summary>
/// <remarks>Policy and reference are roles, not types: both are language models.</remarks>
public abstract class LanguageModel(IDevice device, ParameterSet parameters) : IDisposable
{
    public IDevice Device => device;

    public ParameterSet Parameters => parameters;

    public abstract int VocabularySize { get; }

    /// <summary>Longest sequence, prompt and response together, in tokens.</summary>
    public abstract int MaxPositions { get; }

    /// <summary>[V, d]: the head's weight (the input embedding where the two are tied).</summary>
    public abstract Parameter Unembedding { get; }

    /// <summary>Parameters other than the input embedding and the head.</summary>
    public abstract long NonEmbeddingCount { get; }

    /// <summary>Final hidden states of the plan's head rows, [r, d], ready for the head.</summary>
    public abstract Tensor Hidden(Tape tape, IPlan plan);

    /// <summary>Begins a batch.</summary>
    public virtual void ZeroGradients() => parameters.ZeroGradients();

    /// <summary>Ends a batch: brings together what its parts accumulated apart. Only then are the gradients those of the parameters.</summary>
    public virtual void CompleteGradients()
    {
    }

    /// <summary>Memory for decoding: <paramref name="rows"/> tokens, prompts and responses together.</summary>
    public abstract IDecodeCache CreateCache(int rows);

    /// <summary>Runs whole prompts, stores what decoding needs of them, and returns the hidden states of the plan's head rows.</summary>
    /// <param name="cacheRows">[rows, 1] I32: where each row of the plan goes.</param>
    public abstract Tensor Prefill(Tape tape, IPlan plan, IDecodeCache cache, Mat cacheRows);

    /// <summary>One more token per sequence; returns its hidden state, [n, d].</summary>
    public abstract Tensor Decode(Tape tape, DecodeRows rows, IDecodeCache cache);

    public virtual void Dispose()
    {
        parameters.Dispose();
        GC.SuppressFinalize(this);
    }
}

/// <summary>What a model keeps of earlier tokens while decoding.</summary>
public interface IDecodeCache : IDisposable;

/// <summary>The tokens of one decoding step, all [n, ·] I32.</summary>
/// <param name="CacheRows">[n, 1]: where each token goes.</param>
/// <param name="Ranges">[n, 4]: (promptStart, promptLength, ownStart, ownLength) in cache rows, this token included.</param>
public readonly record struct DecodeRows(Mat Tokens, Mat Positions, Mat CacheRows, Mat Ranges);
