using System.Diagnostics.CodeAnalysis;
using System.Globalization;

namespace Goodhart.Models.Safetensors;

/// <summary>The extents of a stored tensor, row-major; an empty list is a scalar and a zero extent an empty tensor.</summary>
public sealed class TensorShape : IEquatable<TensorShape>
{
    private readonly long[] extents;

    /// <exception cref="ArgumentException">An extent is negative, or the number of elements does not fit 64 bits.</exception>
    public TensorShape(params ReadOnlySpan<long> extents)
    {
        if (!TryCount(extents, out long elements))
        {
            throw new ArgumentException(
                $"expected extents >= 0 whose product fits 64 bits, found {Describe(extents)}", nameof(extents));
        }

        this.extents = extents.ToArray();
        Elements = elements;
    }

    public int Rank => this.extents.Length;

    public long Elements { get; }

    public long this[int dimension] => this.extents[dimension];

    /// <summary>The shape, or false when an extent is negative or the element count overflows.</summary>
    public static bool TryCreate(ReadOnlySpan<long> extents, [NotNullWhen(true)] out TensorShape? shape)
    {
        shape = TryCount(extents, out _) ? new TensorShape(extents) : null;
        return shape is not null;
    }

    /// <summary>"[3, 2]"; a scalar is "[]".</summary>
    public static string Describe(ReadOnlySpan<long> extents)
    {
        List<string> parts = [];
        foreach (long extent in extents)
        {
            parts.Add(extent.ToString(CultureInfo.InvariantCulture));
        }

        return $"[{string.Join(", ", parts)}]";
    }

    public override string ToString() => Describe(this.extents);

    public bool Equals(TensorShape? other) => other is not null && this.extents.AsSpan().SequenceEqual(other.extents);

    public override bool Equals(object? obj) => Equals(obj as TensorShape);

    public override int GetHashCode()
    {
        HashCode hash = default;
        foreach (long extent in this.extents)
        {
            hash.Add(extent);
        }

        return hash.ToHashCode();
    }

    private static bool TryCount(ReadOnlySpan<long> extents, out long elements)
    {
        elements = 1;
        foreach (long extent in extents)
        {
            // Left to right, as the format's own reader does: a zero later does not excuse an overflow before it.
            if (extent < 0 || (extent > 0 && elements > long.MaxValue / extent))
            {
                elements = 0;
                return false;
            }

            elements *= extent;
        }

        return true;
    }
}
