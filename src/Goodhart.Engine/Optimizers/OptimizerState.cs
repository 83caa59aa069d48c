namespace Goodhart.Engine.Optimizers;

/// <summary>An optimizer's state on a device, laid out like the parameters it belongs to.</summary>
public sealed class OptimizerState : IDisposable
{
    private readonly IDevice device;
    private readonly IArena arena;
    private readonly Mat[] mats;
    private readonly List<(string Name, Func<float[]> Save, Action<float[]> Restore)> attached = [];

    public OptimizerState(IDevice device, Optimizer optimizer, ParameterSet parameters)
    {
        this.device = device;
        Optimizer = optimizer;
        arena = device.CreateArena("optimizer state", parameters.Values.Count * sizeof(float) * optimizer.StateNames.Count);
        mats = [.. optimizer.StateNames.Select(_ => arena.Allocate(parameters.Values.Rows, parameters.Values.Cols))];
        foreach (Mat mat in mats)
        {
            device.Ops.Zero(mat);
        }
    }

    public Optimizer Optimizer { get; }

    /// <summary>Updates done so far.</summary>
    public int Steps { get; private set; }

    public void Step(ParameterSet parameters, double learningRate)
    {
        Optimizer.Step(device.Ops, parameters, mats, learningRate, ++Steps);
        parameters.Changed();
    }

    /// <summary>Has other values saved and restored with the state: all that an objective remembers from one update to the next.</summary>
    /// <param name="name">Not one of the optimizer's own.</param>
    public void Attach(string name, Func<float[]> save, Action<float[]> restore) => attached.Add((name, save, restore));

    /// <summary>The state as the host keeps it: name, and one value per parameter slab element; then what is attached.</summary>
    public IReadOnlyList<(string Name, float[] Values)> Save() =>
        [
            .. Optimizer.StateNames.Select((name, i) => (name, device.ReadF32(mats[i]))),
            .. attached.Select(entry => (entry.Name, entry.Save())),
        ];

    /// <summary>Continues from a saved state.</summary>
    /// <exception cref="ArgumentException">The state belongs to another optimizer or another model.</exception>
    public void Restore(Func<string, float[]> valuesOf, int steps)
    {
        for (int i = 0; i < mats.Length; i++)
        {
            float[] values = valuesOf(Optimizer.StateNames[i]);
            if (values.Length != mats[i].Count)
            {
                throw new ArgumentException(
                    $"Optimizer state '{Optimizer.StateNames[i]}': expected {mats[i].Count} values, found {values.Length}; it belongs to "
                        + "another model.");
            }

            device.Upload(mats[i], values);
        }

        foreach ((string name, _, Action<float[]> restore) in attached)
        {
            restore(valuesOf(name));
        }

        Steps = steps;
    }

    public void Dispose() => arena.Dispose();
}
