namespace Goodhart.Engine.Cpu;

/// <summary>Shares out among the tiles of a product what is to be brought near for the next one.</summary>
internal unsafe struct GemmAhead(in GemmCall call, int tiles)
{
    private float* next = call.Next;

    /// <summary>Floats per step of depth; 0 where there is nothing to bring.</summary>
    public nint Step { get; } = call.Next == null ? 0 : Math.Max(1, call.NextCount / Math.Max(1, (nint)tiles * call.Depth));

    public float* Take(int depth)
    {
        float* start = next;
        next += Step * depth;
        return start;
    }
}
