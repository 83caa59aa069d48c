namespace Goodhart.Engine;

/// <summary>An activation on a tape: its value, and its gradient once a backward pass has reached it.</summary>
public sealed class Tensor(Mat value)
{
    public Mat Value { get; } = value;

    /// <summary>Default until something has contributed to it.</summary>
    public Mat Gradient { get; internal set; }

    internal bool HasGradient => Gradient.Type == DType.F32 && Gradient.Rows == Value.Rows && Gradient.Cols == Value.Cols && Value.Cols > 0;
}
