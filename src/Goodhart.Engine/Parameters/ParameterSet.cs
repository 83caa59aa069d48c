using System.Runtime.InteropServices;

namespace Goodhart.Engine;

/// <summary>All parameters of a model in one contiguous slab, so that the optimizer and the global norm are one pass.</summary>
public sealed class ParameterSet : IDisposable
{
    private readonly IDevice device;
    private readonly IArena arena;
    private readonly Dictionary<string, Parameter> byName = [];

    /// <param name="training">Also holds a gradient slab of the same layout, zeroed.</param>
    public ParameterSet(IDevice device, IReadOnlyList<(string Name, int[] Shape)> layout, bool training)
    {
        this.device = device;
        long count = layout.Sum(entry => Padded(entry.Shape));
        arena = device.CreateArena("parameters", count * sizeof(float) * (training ? 2 : 1));
        Values = arena.Allocate(1, checked((int)count));
        Gradients = training ? arena.Allocate(1, checked((int)count)) : default;
        device.Ops.Zero(Values);
        ZeroGradients();

        long offset = 0;
        List<Parameter> all = [];
        foreach ((string name, int[] shape) in layout)
        {
            Parameter parameter = new(name, shape, View(Values, offset, shape), training ? View(Gradients, offset, shape) : default);
            all.Add(parameter);
            byName.Add(name, parameter);
            offset += Padded(shape);
        }

        All = all;
    }

    public IReadOnlyList<Parameter> All { get; }

    /// <summary>Every value, as one row. Between tensors lie zeros (each starts at a 64-byte boundary), which stay zero.</summary>
    public Mat Values { get; }

    public Mat Gradients { get; }

    /// <summary>Counts the changes of values: what is derived from them holds for one version.</summary>
    public long Version { get; private set; }

    /// <summary>Number of parameters, padding not counted.</summary>
    public long Count => All.Sum(parameter => parameter.Value.Count);

    public Parameter this[string name] => byName[name];

    public bool Contains(string name) => byName.ContainsKey(name);

    public void ZeroGradients()
    {
        if (!Gradients.IsEmpty)
        {
            device.Ops.Zero(Gradients);
        }
    }

    public void Set(string name, ReadOnlySpan<float> values)
    {
        Mat mat = byName[name].Value;
        ArgumentOutOfRangeException.ThrowIfNotEqual(values.Length, mat.Count);
        device.Upload(mat.Mem, MemoryMarshal.AsBytes(values));
        Changed();
    }

    /// <summary>Sets some of a parameter's values.</summary>
    public void Set(string name, long start, ReadOnlySpan<float> part)
    {
        device.Upload(byName[name].Value.Piece(start, part.Length), part);
        Changed();
    }

    /// <summary>To be called after writing to <see cref="Values"/>.</summary>
    public void Changed() => Version++;

    /// <summary>Copies a parameter's values to the host, row-major.</summary>
    public float[] Get(string name) => device.ReadF32(byName[name].Value);

    /// <summary>Copies some of a parameter's values to the host.</summary>
    public void Read(string name, long start, Span<float> part) => device.Read(byName[name].Value.Piece(start, part.Length), part);

    public void Dispose() => arena.Dispose();

    private static long Elements(int[] shape) => shape.Aggregate(1L, (product, n) => product * n);

    private static long Padded(int[] shape) => (Elements(shape) + 15) / 16 * 16;

    private static Mat View(Mat flat, long offset, int[] shape)
    {
        int rows = shape[0];
        int cols = checked((int)(Elements(shape) / Math.Max(1, rows)));
        return new Mat(
            new Mem(flat.Mem.Slab, flat.Mem.Offset + (offset * sizeof(float)), Elements(shape) * sizeof(float)),
            rows,
            cols,
            cols,
            DType.F32);
    }
}
