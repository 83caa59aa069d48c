using Goodhart.Engine.Randomness;

namespace Goodhart.Steps.Training;

/// <summary>
/// Which rows each update sees: a permutation per epoch, addressed by seed and epoch; an epoch's last partial batch is left out.
/// </summary>
internal sealed class DataOrder(int rows, int batchSize, ulong seed)
{
    private int epoch = -1;
    private int[] order = [];

    public int UpdatesPerEpoch => rows / batchSize;

    /// <summary>Row numbers of update <paramref name="step"/> = 0, 1, ...</summary>
    public int[] Batch(int step)
    {
        if (step / UpdatesPerEpoch != epoch)
        {
            epoch = step / UpdatesPerEpoch;
            order = new RandomStream(seed, "stage data order", (uint)epoch).Permutation(rows);
        }

        int start = step % UpdatesPerEpoch * batchSize;
        return order[start..(start + batchSize)];
    }
}
