using System.Runtime.InteropServices;

namespace Goodhart.Engine;

/// <summary>
/// Records operations in order and runs their backward passes in reverse. Activations and their gradients live in one arena and die
/// together. Parameter gradients accumulate: zero them at the start of a batch.
/// </summary>
/// <remarks>Each operation's forward, backward and saved state stand together in one file under Tapes/Ops.</remarks>
/// <param name="recording">False for evaluation: nothing is saved and <see cref="Backward"/> is refused.</param>
public sealed class Tape(IDevice device, IArena arena, bool recording)
{
    private readonly List<Action> backward = [];

    public IDevice Device => device;

    public IOps Ops => device.Ops;

    public IArena Arena => arena;

    public bool Recording => recording;

    public Mat Allocate(int rows, int cols, DType type = DType.F32) => arena.Allocate(rows, cols, type);

    /// <summary>Sets the gradient a backward pass starts from.</summary>
    public void Seed(Tensor tensor, ReadOnlySpan<float> upstream)
    {
        tensor.Gradient = Allocate(tensor.Value.Rows, tensor.Value.Cols);
        device.Upload(tensor.Gradient.Mem, MemoryMarshal.AsBytes(upstream));
    }

    /// <summary>Runs the backward passes in reverse order, once.</summary>
    public void Backward()
    {
        if (!recording)
        {
            throw new InvalidOperationException("This tape does not record: make it with recording: true to run a backward pass.");
        }

        for (int i = backward.Count - 1; i >= 0; i--)
        {
            backward[i]();
        }

        backward.Clear();
    }

    internal void Record(Action step)
    {
        if (recording)
        {
            backward.Add(step);
        }
    }

    /// <summary>The gradient buffer of an input, and whether it already holds a contribution to add to.</summary>
    internal Mat GradientOf(Tensor input, out bool accumulate)
    {
        accumulate = input.HasGradient;
        if (!accumulate)
        {
            input.Gradient = Allocate(input.Value.Rows, input.Value.Cols);
        }

        return input.Gradient;
    }

    /// <summary>Adds a finished gradient to an input's; the first contribution is taken over as it is, without a copy.</summary>
    internal void Contribute(Tensor input, Mat gradient)
    {
        if (input.HasGradient)
        {
            Ops.AddTo(gradient, input.Gradient);
        }
        else
        {
            input.Gradient = gradient;
        }
    }
}
