namespace Goodhart.Engine.Torch.Calls;

/// <summary>An argument of an operator that is called by its name, as libtorch's interface passes it.</summary>
/// <remarks>
/// Numbers of schema type Scalar have no such form: operators that take one are called by typed functions, or not at all.
/// </remarks>
/// <param name="Bits">The value, or the handle of a list or a string, which the callee frees.</param>
/// <param name="IsTensor">The callee frees a tensor too: it is given a handle of its own.</param>
/// <param name="IsOptional">It goes in a box of its own.</param>
internal readonly record struct Argument(ulong Bits, bool IsTensor = false, bool IsOptional = false)
{
    /// <summary>An optional argument that is absent.</summary>
    public static Argument None => new(0);

    public static implicit operator Argument(TorchTensor tensor) => new((ulong)tensor.Handle, IsTensor: true);

    public static implicit operator Argument(long value) => new((ulong)value);

    public static implicit operator Argument(double value) => new(BitConverter.DoubleToUInt64Bits(value));

    public static implicit operator Argument(bool value) => new(value ? 1u : 0u);

    /// <summary>An optional argument that is there.</summary>
    public static Argument Some(Argument value) => value with { IsOptional = true };
}
