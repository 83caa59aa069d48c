using System.Runtime.InteropServices;

namespace Goodhart.Engine;

/// <summary>The index tables of a forest on a device; what its attention needs besides is the device's own.</summary>
public abstract class PlanTables : IPlan
{
    /// <param name="source">The forest.</param>
    /// <param name="arena">Where the tables live.</param>
    /// <param name="upload">Copies host bytes to the device.</param>
    protected PlanTables(SequencePlan source, IArena arena, Action<Mem, ReadOnlySpan<byte>> upload)
    {
        Source = source;
        Tokens = Table(source.Tokens);
        Positions = Table(source.Positions);
        HeadRows = Table(source.HeadRows);
        HeadPositions = Table([.. source.HeadRows.Select(row => source.Positions[row])]);
        TargetRows = Table(source.TargetRows);
        TargetTokens = Table(source.TargetTokens);

        Mat Table(int[] values)
        {
            Mat mat = arena.Allocate(values.Length, 1, DType.I32);
            upload(mat.Mem, MemoryMarshal.AsBytes<int>(values));
            return mat;
        }
    }

    public SequencePlan Source { get; }

    public Mat Tokens { get; }

    public Mat Positions { get; }

    public Mat HeadRows { get; }

    public Mat HeadPositions { get; }

    public Mat TargetRows { get; }

    public Mat TargetTokens { get; }
}
