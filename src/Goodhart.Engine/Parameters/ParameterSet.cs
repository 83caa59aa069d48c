namespace Goodhart.Engine;

/// <summary>All parameters of a model in one contiguous slab, so that the optimizer and the global norm are one pass.</summary>
/// <remarks>
/// On a device of another precision than float32 the values of a set that trains are there twice: float32 masters, which updates move and
/// checkpoints are made of, and beside them what operations read. A set that does not train has the latter alone.
/// </remarks>
public sealed class ParameterSet : IDisposable
{
    /// <summary>Elements to a row of the slab: each tensor starts at one, a 64-byte boundary of float32.</summary>
    private const int Row = 16;

    private readonly IDevice device;
    private readonly List<IArena> arenas = [];
    private readonly Mat stored;
    private readonly Dictionary<string, (Parameter Parameter, Mat Master)> byName = [];

    /// <param name="training">Also holds a gradient slab of the same layout, zeroed.</param>
    public ParameterSet(IDevice device, IReadOnlyList<(string Name, int[] Shape)> layout, bool training)
    {
        this.device = device;
        Precision precision = device.Info.Precision;
        int rows = checked((int)layout.Sum(entry => RowsOf(entry.Shape)));
        stored = Slab("weights", precision.Storage);
        Values = training && precision.Storage != DType.F32 ? Slab("master weights", DType.F32) : stored;
        Gradients = training ? Slab("gradients", DType.F32) : default;
        device.Ops.Zero(Values);
        device.Ops.Zero(stored);
        ZeroGradients();

        int next = 0;
        List<Parameter> all = [];
        foreach ((string name, int[] shape) in layout)
        {
            Parameter parameter = new(name, shape, View(stored, next, shape), training ? View(Gradients, next, shape) : default);
            all.Add(parameter);
            byName.Add(name, (parameter, View(Values, next, shape)));
            next += RowsOf(shape);
        }

        All = all;

        Mat Slab(string name, DType type)
        {
            arenas.Add(device.CreateArena(name, (long)rows * Row * type.Size()));
            return arenas[^1].Allocate(rows, Row, type);
        }
    }

    public IReadOnlyList<Parameter> All { get; }

    /// <summary>Every value, contiguous: float32 where the set trains. Between tensors lie zeros (each starts at a 64-byte boundary), which
    /// stay zero.</summary>
    public Mat Values { get; }

    /// <summary>F32, laid out like the values; default where the set does not train.</summary>
    public Mat Gradients { get; }

    /// <summary>Counts the changes of values: what is derived from them holds for one version.</summary>
    public long Version { get; private set; }

    /// <summary>Number of parameters, padding not counted.</summary>
    public long Count => All.Sum(parameter => parameter.Value.Count);

    public Parameter this[string name] => byName[name].Parameter;

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
        ArgumentOutOfRangeException.ThrowIfNotEqual(values.Length, byName[name].Master.Count);
        Set(name, 0, values);
    }

    /// <summary>Sets some of a parameter's values.</summary>
    public void Set(string name, long start, ReadOnlySpan<float> part)
    {
        (Parameter parameter, Mat master) = byName[name];
        device.Upload(master.Piece(start, part.Length), part);
        if (master.Type != parameter.Value.Type)
        {
            device.Upload(parameter.Value.Piece(start, part.Length), part);
        }

        Version++;
    }

    /// <summary>To be called after writing to <see cref="Values"/>.</summary>
    public void Changed()
    {
        if (Values.Type != stored.Type)
        {
            device.Ops.Copy(Values, stored);
        }

        Version++;
    }

    /// <summary>Copies a parameter's values to the host, row-major: of a set that trains the float32 masters.</summary>
    public float[] Get(string name) => device.ReadF32(byName[name].Master);

    /// <summary>Copies some of a parameter's values to the host, as <see cref="Get"/> does.</summary>
    public void Read(string name, long start, Span<float> part) => device.Read(byName[name].Master.Piece(start, part.Length), part);

    public void Dispose() => arenas.ForEach(arena => arena.Dispose());

    private static long Elements(int[] shape) => shape.Aggregate(1L, (product, n) => product * n);

    private static int RowsOf(int[] shape) => checked((int)((Elements(shape) + Row - 1) / Row));

    private static Mat View(Mat slab, int row, int[] shape)
    {
        long size = slab.Type.Size();
        int cols = checked((int)(Elements(shape) / Math.Max(1, shape[0])));
        Mem mem = new(slab.Mem.Slab, slab.Mem.Offset + ((long)row * Row * size), Elements(shape) * size);
        return new Mat(mem, shape[0], cols, cols, slab.Type);
    }
}
