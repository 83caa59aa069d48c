namespace Goodhart.Engine.Optimizers;

/// <summary>An optimizer's state, laid out like the parameters it belongs to.</summary>
public sealed class OptimizerState : IDisposable
{
    /// <summary>Elements that are restored at once.</summary>
    private const int Part = 1 << 20;

    private readonly IStateStore store;
    private readonly long count;
    private readonly List<(string Name, Func<StateValues> Save, Action<StateValues> Restore)> attached = [];

    /// <param name="onHost">In the host's memory and not the device's: the same bits, at the price of the way there and back.</param>
    public OptimizerState(IDevice device, Optimizer optimizer, ParameterSet parameters, bool onHost = false)
    {
        (Optimizer, count) = (optimizer, parameters.Values.Count);
        store = onHost ? new HostState(device, optimizer, parameters) : new DeviceState(device, optimizer, parameters);
    }

    public Optimizer Optimizer { get; }

    /// <summary>Updates done so far.</summary>
    public int Steps { get; private set; }

    public void Step(ParameterSet parameters, double learningRate)
    {
        store.Step(Optimizer, parameters, learningRate, ++Steps);
        parameters.Changed();
    }

    /// <summary>Has other values saved and restored with the state: all that an objective remembers from one update to the next.</summary>
    /// <param name="name">Not one of the optimizer's own.</param>
    public void Attach(string name, Func<float[]> save, Action<float[]> restore) =>
        attached.Add((name, () => StateValues.Of(name, save()), saved => restore(saved.ToArray())));

    /// <inheritdoc cref="Attach(string, Func{float[]}, Action{float[]})"/>
    /// <param name="values">Read when the state is saved.</param>
    public void Attach(StateValues values, Action<StateValues> restore) => attached.Add((values.Name, () => values, restore));

    /// <summary>The state by name, one value per parameter slab element, then what is attached.</summary>
    /// <returns>To be read before the next update.</returns>
    public IReadOnlyList<StateValues> Save() =>
        [
            .. Optimizer.StateNames.Select((name, i) => new StateValues(name, count, (start, part) => store.Read(i, start, part))),
            .. attached.Select(entry => entry.Save()),
        ];

    /// <summary>Continues from a saved state.</summary>
    /// <exception cref="ArgumentException">The state belongs to another optimizer or another model.</exception>
    public void Restore(Func<string, StateValues> valuesOf, int steps)
    {
        StateValues[] own = [.. Optimizer.StateNames.Select(valuesOf)];
        if (Array.Find(own, values => values.Count != count) is { } wrong)
        {
            throw new ArgumentException(
                $"Optimizer state '{wrong.Name}': expected {count} values, found {wrong.Count}; it belongs to another model.");
        }

        float[] part = new float[Math.Min(count, Part)];
        for (int i = 0; i < own.Length; i++)
        {
            for (long start = 0; start < count; start += part.Length)
            {
                Span<float> some = part.AsSpan(0, (int)Math.Min(part.Length, count - start));
                own[i].Read(start, some);
                store.Write(i, start, some);
            }
        }

        foreach ((string name, _, Action<StateValues> restore) in attached)
        {
            restore(valuesOf(name));
        }

        Steps = steps;
    }

    public void Dispose() => store.Dispose();
}
