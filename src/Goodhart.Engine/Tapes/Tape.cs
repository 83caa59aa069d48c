namespace Goodhart.Engine;

/// <summary>
/// Records operations in order and runs their backward passes in reverse. Activations and their gradients live in one arena and die
/// together. Parameter gradients accumulate: zero them at the start of a batch.
/// </summary>
/// <remarks>Each operation's forward, backward and saved state stand together in one file under Tapes/Ops.</remarks>
/// <param name="recording">False for evaluation: nothing is saved and <see cref="Backward"/> is refused.</param>
/// <param name="recomputing">Where the parts that are checkpoints run: only their inputs are kept, and the backward pass runs them again
/// (<see cref="Goodhart.Engine.Ops.CheckpointOp"/>). Null: all that a backward pass reads is kept.</param>
public sealed class Tape(IDevice device, IArena arena, bool recording, IArena? recomputing = null)
{
    private readonly List<Action> backward = [];
    private readonly Dictionary<(int Rows, int Cols, DType Type), Stack<Mat>> released = [];
    private readonly DType storage = device.Info.Precision.Storage;

    public IDevice Device => device;

    public IOps Ops => device.Ops;

    internal IArena? Recomputing => recording ? recomputing : null;

    /// <summary>Memory for an activation, as the device's precision stores it.</summary>
    public Mat Allocate(int rows, int cols) => Allocate(rows, cols, storage);

    /// <summary>Memory of this shape that is no longer needed, last used first (it is still in a cache), or new memory.</summary>
    /// <param name="type">F32 for statistics and what losses read, whatever the precision.</param>
    public Mat Allocate(int rows, int cols, DType type) =>
        released.TryGetValue((rows, cols, type), out Stack<Mat>? mats) && mats.TryPop(out Mat mat)
            ? mat
            : arena.Allocate(rows, cols, type);

    /// <summary>Says that no operation to come reads this value. It stays where a backward pass will read it.</summary>
    public void Discard(Tensor tensor)
    {
        if (!tensor.IsSaved)
        {
            Release(tensor.Value);
        }
    }

    /// <summary>Sets the gradient a backward pass starts from.</summary>
    public void Seed(Tensor tensor, ReadOnlySpan<float> upstream)
    {
        tensor.Gradient = Like(tensor.Value);
        device.Upload(tensor.Gradient, upstream);
    }

    /// <summary>Starts a gradient from zero, for what is added up from outside this tape.</summary>
    public void SeedZero(Tensor tensor)
    {
        tensor.Gradient = Like(tensor.Value);
        Ops.Zero(tensor.Gradient);
    }

    /// <summary>Runs the backward passes from a result whose gradient is known; its memory may be written over.</summary>
    internal void BackwardFrom(Tensor result, Mat gradient)
    {
        result.Gradient = gradient;
        Backward();
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

    /// <summary>Adds the backward pass of what made <paramref name="result"/>, where a gradient will come that way.</summary>
    /// <param name="saved">Whose values it reads.</param>
    internal void Record(Tensor result, Action step, params ReadOnlySpan<Tensor> saved)
    {
        if (!recording || !result.NeedsGradient)
        {
            return;
        }

        backward.Add(step);
        foreach (Tensor tensor in saved)
        {
            tensor.IsSaved = true;
        }
    }

    /// <summary>Gives back a gradient that has been carried on to all inputs; its tensor must not be read again.</summary>
    internal void Release(Mat mat)
    {
        if (!released.TryGetValue((mat.Rows, mat.Cols, mat.Type), out Stack<Mat>? mats))
        {
            released[(mat.Rows, mat.Cols, mat.Type)] = mats = [];
        }

        mats.Push(mat);
    }

    /// <summary>The gradient buffer of an input, and whether it already holds a contribution to add to.</summary>
    internal Mat GradientOf(Tensor input, out bool accumulate)
    {
        accumulate = input.HasGradient;
        if (!accumulate)
        {
            input.Gradient = Like(input.Value);
        }

        return input.Gradient;
    }

    /// <summary>Adds a finished gradient to an input's; the first contribution is taken over as it is, without a copy.</summary>
    internal void Contribute(Tensor input, Mat gradient)
    {
        if (!input.NeedsGradient)
        {
            Release(gradient);
        }
        else if (input.HasGradient)
        {
            Ops.AddTo(gradient, input.Gradient);
            Release(gradient);
        }
        else
        {
            input.Gradient = gradient;
        }
    }

    private Mat Like(Mat value) => Allocate(value.Rows, value.Cols, value.Type);
}
