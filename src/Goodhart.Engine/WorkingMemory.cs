namespace Goodhart.Engine;

/// <summary>What a device takes besides the memory it is asked for, in bytes: by it a run is planned that is not made.</summary>
/// <remarks>As it stands here, operations take a few MB for themselves, which the program's share covers.</remarks>
public class WorkingMemory
{
    /// <summary>Of a device that computes in the room it is given.</summary>
    public static WorkingMemory Small { get; } = new();

    /// <summary>What the program takes of the host before any model, the device's library and its buffers too.</summary>
    public virtual long Program => 130_000_000;

    /// <summary>Whether <see cref="IDevice.Hold"/> lays out copies.</summary>
    public virtual bool CopiesHeldWeights => true;

    /// <summary>A forest's tables as the device has them, for counting what they take of an arena.</summary>
    public virtual IPlan Prepare(SequencePlan plan, IDevice device, IArena arena) => new Tables(plan, device, arena);

    /// <summary>y = a b, or y += a b, of a linear layer or one of its gradients.</summary>
    public virtual long Product(Mat a, Mat b, Mat y) => 0;

    /// <summary>A norm of rows, or its gradient.</summary>
    /// <param name="isRms">Without a mean.</param>
    public virtual long Norm(Mat x, bool isRms, bool isGradient) => 0;

    public virtual long Rotary(Heads x, RotaryTable table) => 0;

    /// <summary>Attention over a forest, or its gradient.</summary>
    public virtual long Attention(IPlan plan, Queries queries, AttentionInputs inputs, bool isGradient) => 0;

    /// <summary>A gated product, or its gradient.</summary>
    public virtual long Gated(Mat gate, bool isGradient) => 0;

    /// <summary>Rows added up by index.</summary>
    public virtual long Scatter(Mat rows, Mat target) => 0;

    /// <summary>Log-probs of the language-model head.</summary>
    public virtual long Head(Mat hidden, Mat weight) => 0;

    /// <summary>Their gradient.</summary>
    /// <param name="dWeight">Empty where the weight is frozen.</param>
    public virtual long HeadGradient(Mat hidden, Mat weight, Mat dWeight) => 0;

    public virtual long Divergence(Mat hidden, Mat weight) => 0;

    public virtual long Decode(Heads queries, int keyValueHeads, Mat cache) => 0;

    public virtual long Sample(Mat hidden, Mat weight) => 0;

    /// <summary>A pass over flat parameters: an optimizer's, or that of their norm.</summary>
    public virtual long Flat(Mat x) => 0;

    private sealed class Tables(SequencePlan source, IDevice device, IArena arena) : PlanTables(source, arena, device.Upload);
}
