namespace Goodhart.Engine.Optimizers;

/// <summary>State in the host's memory: a piece at a time goes to the device, is used there and comes back.</summary>
/// <remarks>For a device with memory of its own, of which it saves all but two pieces; the traffic is twice the state per update.</remarks>
internal sealed class HostState : IStateStore
{
    /// <summary>Elements of a piece: 64 MB. Devices that go through a slab in parts of their own cut it at the same places.</summary>
    private const int Usual = 1 << 24;

    private readonly IDevice device;
    private readonly int piece;
    private readonly IArena arena;
    private readonly Mat[] room;
    private readonly float[][][] pieces;

    /// <param name="piece">Elements.</param>
    public HostState(IDevice device, Optimizer optimizer, ParameterSet parameters, int piece = Usual)
    {
        (this.device, this.piece) = (device, piece);
        long count = parameters.Values.Count;
        int states = optimizer.StateNames.Count;
        arena = device.CreateArena("optimizer state in passing", Math.Min(count, piece) * sizeof(float) * states);
        room = [.. optimizer.StateNames.Select(_ => arena.Allocate(1, (int)Math.Min(count, piece)))];
        long kept = device.Info.Computes ? count : 0;
        pieces = [.. room.Select(_ => Enumerable.Range(0, (int)((kept + piece - 1) / piece))
            .Select(i => new float[Math.Min(piece, kept - ((long)i * piece))]).ToArray())];
    }

    public void Step(Optimizer optimizer, ParameterSet parameters, double learningRate, int step)
    {
        for (int i = 0; i < pieces[0].Length; i++)
        {
            int count = pieces[0][i].Length;
            long start = (long)i * piece;
            Mat[] state = [.. room.Select(mat => mat.Piece(0, count))];
            for (int k = 0; k < state.Length; k++)
            {
                device.Upload(state[k], pieces[k][i]);
            }

            optimizer.Step(
                device.Ops, parameters.Values.Piece(start, count), parameters.Gradients.Piece(start, count), state, learningRate, step);
            for (int k = 0; k < state.Length; k++)
            {
                device.Read(state[k], pieces[k][i]);
            }
        }
    }

    public void Read(int state, long start, Span<float> part)
    {
        for (int done = 0, count; done < part.Length; done += count)
        {
            Span<float> from = At(state, start + done);
            count = Math.Min(from.Length, part.Length - done);
            from[..count].CopyTo(part[done..]);
        }
    }

    public void Write(int state, long start, ReadOnlySpan<float> part)
    {
        for (int done = 0, count; done < part.Length; done += count)
        {
            Span<float> to = At(state, start + done);
            count = Math.Min(to.Length, part.Length - done);
            part.Slice(done, count).CopyTo(to);
        }
    }

    public void Dispose() => arena.Dispose();

    private Span<float> At(int state, long start) => pieces[state][start / piece].AsSpan((int)(start % piece));
}
