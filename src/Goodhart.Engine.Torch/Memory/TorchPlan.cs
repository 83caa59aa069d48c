namespace Goodhart.Engine.Torch.Memory;

/// <summary>A forest's tables on the device, and its roots as padded batches: what attention by masks needs.</summary>
internal sealed class TorchPlan(SequencePlan source, IDevice device, IArena arena) : PlanTables(source, arena, device.Upload)
{
    private readonly IArena tables = arena;
    private readonly Dictionary<(Queries Queries, int Window, bool Alone), PaddedTrees> trees = [];

    /// <param name="queries">Which rows ask.</param>
    /// <param name="window">A row sees itself and the window − 1 tokens before it; 0: all before it.</param>
    /// <param name="alone">Whether the matrix of queries has the rows that ask and no others.</param>
    public PaddedTrees Trees(Queries queries, int window, bool alone)
    {
        if (!trees.TryGetValue((queries, window, alone), out PaddedTrees? found))
        {
            trees[(queries, window, alone)] = found = new PaddedTrees(new TreeLayout(Source, queries, window, alone), device, tables);
        }

        return found;
    }
}
