namespace Goodhart.Engine.Torch.Memory;

/// <summary>A forest's tables on the device, and its roots as padded batches: what attention by masks needs.</summary>
internal sealed class TorchPlan : IPlan
{
    private readonly IDevice device;
    private readonly IArena arena;
    private readonly Dictionary<(Queries Queries, int Window, bool Alone), PaddedTrees> trees = [];

    public TorchPlan(SequencePlan source, IDevice device, IArena arena)
    {
        (Source, this.device, this.arena) = (source, device, arena);
        Tokens = device.UploadI32(arena, source.Tokens);
        Positions = device.UploadI32(arena, source.Positions);
        HeadRows = device.UploadI32(arena, source.HeadRows);
        HeadPositions = device.UploadI32(arena, [.. source.HeadRows.Select(row => source.Positions[row])]);
        TargetRows = device.UploadI32(arena, source.TargetRows);
        TargetTokens = device.UploadI32(arena, source.TargetTokens);
    }

    public SequencePlan Source { get; }

    public Mat Tokens { get; }

    public Mat Positions { get; }

    public Mat HeadRows { get; }

    public Mat HeadPositions { get; }

    public Mat TargetRows { get; }

    public Mat TargetTokens { get; }

    /// <param name="queries">Which rows ask.</param>
    /// <param name="window">A row sees itself and the window − 1 tokens before it; 0: all before it.</param>
    /// <param name="alone">Whether the matrix of queries has the rows that ask and no others.</param>
    public PaddedTrees Trees(Queries queries, int window, bool alone)
    {
        if (!trees.TryGetValue((queries, window, alone), out PaddedTrees? found))
        {
            trees[(queries, window, alone)] = found = new PaddedTrees(new TreeLayout(Source, queries, window, alone), device, arena);
        }

        return found;
    }
}
