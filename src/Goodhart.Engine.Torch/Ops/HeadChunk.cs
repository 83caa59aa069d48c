namespace Goodhart.Engine.Torch.Ops;

/// <summary>Rows whose logits are held at once, and the targets among them.</summary>
/// <param name="Targets">Which targets.</param>
/// <param name="Cells">Where their logits lie in the chunk's [count, vocabulary].</param>
internal sealed record HeadChunk(int Start, int Count, long[] Targets, long[] Cells)
{
    /// <param name="each">Rows of a chunk.</param>
    /// <param name="targetRows">Row of each target.</param>
    /// <param name="targetTokens">Its token.</param>
    public static IReadOnlyList<HeadChunk> Of(
        int rows, int each, ReadOnlySpan<int> targetRows, ReadOnlySpan<int> targetTokens, int vocabulary)
    {
        (List<long> Targets, List<long> Cells)[] found = new (List<long>, List<long>)[(rows + each - 1) / each];
        for (int chunk = 0; chunk < found.Length; chunk++)
        {
            found[chunk] = ([], []);
        }

        for (int target = 0; target < targetRows.Length; target++)
        {
            (List<long> targets, List<long> cells) = found[targetRows[target] / each];
            targets.Add(target);
            cells.Add(((long)(targetRows[target] % each) * vocabulary) + targetTokens[target]);
        }

        return
        [
            .. found.Select((chunk, i) => new HeadChunk(i * each, Math.Min(each, rows - (i * each)), [.. chunk.Targets], [.. chunk.Cells])),
        ];
    }

    /// <summary>This chunk's rows.</summary>
    public Mat Of(Mat mat) => mat.RowRange(Start, Count);
}
