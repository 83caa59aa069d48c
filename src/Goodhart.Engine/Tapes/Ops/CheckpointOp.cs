namespace Goodhart.Engine.Ops;

public static class CheckpointOp
{
    /// <summary>
    /// A part of the forward pass of which a tape that recomputes keeps the input alone: the backward pass runs it again.
    /// </summary>
    /// <remarks>The same operations on the same values, so the same bits (Chen et al. 2016). The part runs in memory that the next one
    /// takes over, so the largest part is held once.</remarks>
    /// <param name="x">Not written to by the part, and read by it alone.</param>
    /// <param name="part">From a tape and the input to the output; a tape that does not recompute runs it once, on itself.</param>
    public static Tensor Checkpoint(this Tape tape, Tensor x, Func<Tape, Tensor, Tensor> part)
    {
        if (tape.Recomputing is not { } arena)
        {
            return part(tape, x);
        }

        arena.Reset();
        Tensor once = part(new Tape(tape.Device, arena, recording: false), x);
        Tensor y = new(tape.Allocate(once.Value.Rows, once.Value.Cols, once.Value.Type), once.NeedsGradient);
        tape.Ops.Copy(once.Value, y.Value);
        tape.Record(y, () =>
        {
            arena.Reset();
            Tape again = new(tape.Device, arena, recording: true);
            Tensor input = new(x.Value, x.NeedsGradient);
            again.BackwardFrom(part(again, input), y.Gradient);
            if (!x.NeedsGradient)
            {
                tape.Release(y.Gradient);
                return;
            }

            // What the part left in its own memory goes where it outlives it: y's gradient is spent, and often of the same shape.
            bool fits = y.Gradient.Rows == x.Value.Rows && y.Gradient.Cols == x.Value.Cols;
            Mat dx = fits ? y.Gradient : tape.Allocate(x.Value.Rows, x.Value.Cols);
            if (input.Gradient != dx)
            {
                tape.Ops.Copy(input.Gradient, dx);
            }

            if (!fits)
            {
                tape.Release(y.Gradient);
            }

            tape.Contribute(x, dx);
        }, x);
        return y;
    }
}
