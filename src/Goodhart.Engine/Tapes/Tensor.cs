namespace Goodhart.Engine;

/// <summary>An activation on a tape: its value, and its gradient once a backward pass has reached it.</summary>
/// <param name="needsGradient">False where no weight that is trained stands behind it: no gradient goes that way.</param>
public sealed class Tensor(Mat value, bool needsGradient = true)
{
    public Mat Value { get; } = value;

    /// <summary>Default until something has contributed to it.</summary>
    public Mat Gradient { get; internal set; }

    internal bool NeedsGradient { get; set; } = needsGradient;

    /// <summary>Whether a recorded operation's backward pass reads the value.</summary>
    internal bool IsSaved { get; set; }

    internal bool HasGradient => Gradient.Type.IsStorage() && Gradient.Rows == Value.Rows && Gradient.Cols == Value.Cols && Value.Cols > 0;
}
