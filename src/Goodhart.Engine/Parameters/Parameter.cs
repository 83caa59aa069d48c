namespace Goodhart.Engine;

/// <summary>A named weight: a view into its set's slab, with a gradient of the same shape where the set trains.</summary>
/// <remarks>Stored as the device's precision says: what operations read. The float32 values that updates move are its set's.</remarks>
/// <param name="Name">The Hugging Face tensor name.</param>
/// <param name="Shape">The Hugging Face shape; <paramref name="Value"/> is [shape[0], rest].</param>
/// <param name="Gradient">F32; default where the set does not train.</param>
public sealed record Parameter(string Name, int[] Shape, Mat Value, Mat Gradient)
{
    /// <summary>Whether a backward pass computes its gradient; a frozen weight's is never computed.</summary>
    public bool IsTrained => !Gradient.IsEmpty;
}
