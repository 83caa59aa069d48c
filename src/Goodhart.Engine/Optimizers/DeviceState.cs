namespace Goodhart.Engine.Optimizers;

/// <summary>State beside the parameters, on their device.</summary>
internal sealed class DeviceState : IStateStore
{
    private readonly IDevice device;
    private readonly IArena arena;
    private readonly Mat[] mats;

    public DeviceState(IDevice device, Optimizer optimizer, ParameterSet parameters)
    {
        this.device = device;
        arena = device.CreateArena("optimizer state", parameters.Values.Count * sizeof(float) * optimizer.StateNames.Count);
        mats = [.. optimizer.StateNames.Select(_ => arena.Allocate(parameters.Values.Rows, parameters.Values.Cols))];
        Array.ForEach(mats, device.Ops.Zero);
    }

    public void Step(Optimizer optimizer, ParameterSet parameters, double learningRate, int step) =>
        optimizer.Step(device.Ops, parameters.Values, parameters.Gradients, mats, learningRate, step);

    public void Read(int state, long start, Span<float> part) => device.Read(mats[state].Piece(start, part.Length), part);

    public void Write(int state, long start, ReadOnlySpan<float> part) => device.Upload(mats[state].Piece(start, part.Length), part);

    public void Dispose() => arena.Dispose();
}
