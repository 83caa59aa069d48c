namespace Goodhart.Engine.Cpu;

internal sealed unsafe partial class CpuOps
{
    public void Embed(Mat table, Mat tokens, Mat y) => GatherRows(table, tokens, y);

    public void EmbedGrad(Mat dy, Mat tokens, Mat dTable) => AddRows(dy, tokens, dTable, nameof(EmbedGrad));
}
