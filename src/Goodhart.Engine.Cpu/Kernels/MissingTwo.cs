namespace Goodhart.Engine.Cpu;

internal sealed unsafe partial class CpuOps
{
    public void Embed(Mat table, Mat tokens, Mat y) => throw new NotImplementedException();

    public void EmbedGrad(Mat dy, Mat tokens, Mat dTable) => throw new NotImplementedException();

    public void LayerNorm(Mat x, Mat gain, Mat bias, double eps, Mat y, Mat stats) => throw new NotImplementedException();

    public void LayerNormGrad(Mat dy, Mat x, Mat gain, Mat stats, Mat dx, bool accumulate, Mat dGain, Mat dBias) => throw new NotImplementedException();

    public void Rotary(Mat qkv, Mat positions, int heads, RotaryTable table, bool inverse) => throw new NotImplementedException();

    public void Attention(IPlan plan, Queries queries, Mat qkv, int heads, Mat y, Mat logSumExp) => throw new NotImplementedException();

    public void AttentionGrad(IPlan plan, Queries queries, Mat qkv, int heads, Mat y, Mat logSumExp, Mat dy, Mat dQkv) => throw new NotImplementedException();

    public void Gelu(Mat x, GeluForm form, Mat y) => throw new NotImplementedException();

    public void GeluGrad(Mat x, GeluForm form, Mat dy, Mat dx) => throw new NotImplementedException();

    public void AddTo(Mat x, Mat y) => throw new NotImplementedException();

    public void GatherRows(Mat x, Mat rows, Mat y) => throw new NotImplementedException();

    public void GatherRowsGrad(Mat dy, Mat rows, Mat dx, bool accumulate) => throw new NotImplementedException();

    public void KvAppend(Mat qkv, int heads, Mat cacheRows, Mat cache) => throw new NotImplementedException();

    public void DecodeAttention(Mat qkv, int heads, Mat cache, Mat ranges, Mat y) => throw new NotImplementedException();

    public void Zero(Mat x) => throw new NotImplementedException();

    public void Copy(Mat x, Mat y) => throw new NotImplementedException();
}
