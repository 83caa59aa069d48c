namespace Goodhart.Models.GptNeoX;

/// <summary>The non-linearity of the feed-forward layer.</summary>
public enum Activation
{
    /// <summary><c>gelu</c>: x·Φ(x) with the exact error function.</summary>
    Gelu,

    /// <summary><c>gelu_new</c>, <c>gelu_fast</c>, <c>gelu_pytorch_tanh</c>: the tanh approximation.</summary>
    GeluNew,
}
