namespace Goodhart.Models.Safetensors;

/// <summary>A tensor to be written, or expected in a file.</summary>
public sealed record TensorSpec(string Name, TensorShape Shape)
{
    /// <summary>As parameters of a model are laid out.</summary>
    public (string Name, int[] Shape) Layout() =>
        (Name, [.. Enumerable.Range(0, Shape.Rank).Select(i => checked((int)Shape[i]))]);
}

/// <summary>Fills <paramref name="destination"/> with all values, row-major, of the tensor called <paramref name="name"/>.</summary>
public delegate void FillTensor(string name, Span<float> destination);

/// <summary>
/// Fills <paramref name="part"/> with the values from <paramref name="start"/> on, row-major, of the tensor called <paramref name="name"/>.
/// </summary>
public delegate void FillPart(string name, long start, Span<float> part);
