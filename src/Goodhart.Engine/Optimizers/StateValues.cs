namespace Goodhart.Engine.Optimizers;

/// <summary>Copies the values from <paramref name="start"/> on.</summary>
public delegate void ReadValues(long start, Span<float> part);

/// <summary>Values of an optimizer's state that are read a part at a time: there may be more than an array holds.</summary>
public sealed record StateValues(string Name, long Count, ReadValues Read)
{
    public static StateValues Of(string name, float[] values) =>
        new(name, values.Length, (start, part) => values.AsSpan(checked((int)start), part.Length).CopyTo(part));

    public float[] ToArray()
    {
        float[] values = new float[Count];
        Read(0, values);
        return values;
    }
}
