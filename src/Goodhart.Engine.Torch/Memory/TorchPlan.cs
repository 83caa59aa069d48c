using Goodhart.Engine.Torch.Attention;

namespace Goodhart.Engine.Torch.Memory;

/// <summary>A forest's tables on the device, and its attention in parts.</summary>
internal sealed class TorchPlan(SequencePlan source, IDevice device, PartRules rules, IArena arena)
    : PlanTables(source, arena, device.Upload)
{
    private readonly IArena tables = arena;
    private readonly Dictionary<(Queries Queries, int Window, bool Alone), ForestParts> parts = [];

    /// <param name="queries">Which rows ask.</param>
    /// <param name="window">A row sees itself and the window − 1 tokens before it; 0: all before it.</param>
    /// <param name="alone">Whether the matrix of queries has the rows that ask and no others.</param>
    public ForestParts Parts(Queries queries, int window, bool alone)
    {
        if (!parts.TryGetValue((queries, window, alone), out ForestParts? found))
        {
            parts[(queries, window, alone)] = found = new ForestParts(Source, queries, window, alone, rules, device, tables);
        }

        return found;
    }
}
