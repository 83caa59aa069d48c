namespace Goodhart.Engine.Cpu;

/// <content>Weights that stay as they are are packed once.</content>
internal sealed unsafe partial class CpuOps
{
    /// <summary>Packed factors by the weight, or the block of the head, that they are of.</summary>
    private readonly Dictionary<Mat, nint> held = [];

    /// <inheritdoc cref="IDevice.Hold"/>
    public IDisposable Hold(HeldWeights weights, IArena arena)
    {
        List<Mat> own = [];
        int block = BlockTokens(weights.Head.Rows);
        IEnumerable<Mat> blocks = Enumerable.Range(0, (weights.Head.Rows + block - 1) / block).Select(
            i => weights.Head.RowRange(i * block, Math.Min(block, weights.Head.Rows - (i * block))));
        Holding holding = new(() => own.ForEach(weight => held.Remove(weight)));
        try
        {
            foreach (Mat weight in weights.Linear.Concat(blocks).Where(weight => !held.ContainsKey(weight)))
            {
                GemmPanels panels = kernels.PanelsOf(weight.Rows);
                float* packed = F(arena.Allocate(panels.PaddedColumns, weight.Cols));
                PackTransposed(weight, panels, packed);
                held.Add(weight, (nint)packed);
                own.Add(weight);
            }
        }
        catch
        {
            // Nobody has the promise to end it, and the memory of those that were packed is the caller's to give back.
            holding.Dispose();
            throw;
        }

        return holding;
    }

    private sealed class Holding(Action end) : IDisposable
    {
        public void Dispose() => end();
    }
}
