namespace Goodhart.Engine;

/// <summary>Heads within the columns of a value, as <see cref="Heads"/> within a matrix; its gradient has the same layout.</summary>
public readonly record struct HeadTensor(Tensor Tensor, int First, int Stride, int Count, int Dim)
{
    public Heads Value => new(Tensor.Value, First, Stride, Count, Dim);

    public Heads Gradient => new(Tensor.Gradient, First, Stride, Count, Dim);

    /// <summary>Heads side by side that fill a value.</summary>
    public static HeadTensor Across(Tensor tensor, int count) =>
        new(tensor, 0, tensor.Value.Cols / count, count, tensor.Value.Cols / count);

    /// <summary>A fused product in which query, key and value alternate head by head: [n, heads·3·dim].</summary>
    public static (HeadTensor Query, HeadTensor Key, HeadTensor Value) Interleaved(Tensor qkv, int heads)
    {
        int dim = qkv.Value.Cols / (3 * heads);
        return (View(0), View(dim), View(2 * dim));

        HeadTensor View(int first) => new(qkv, first, 3 * dim, heads, dim);
    }
}
