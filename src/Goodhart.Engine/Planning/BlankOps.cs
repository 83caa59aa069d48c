namespace Goodhart.Engine.Planning;

/// <summary>Operations that compute nothing: what is left of a run is the memory it asks for.</summary>
internal sealed class BlankOps : IOps
{
    public void Linear(Mat x, Mat weight, Mat bias, Mat addend, Mat y)
    {
    }

    public void LinearInputGrad(Mat dy, Mat weight, Mat dx, bool accumulate)
    {
    }

    public void LinearWeightGrad(Mat dy, Mat x, Mat dWeight, Mat dBias)
    {
    }

    public void Embed(Mat table, Mat tokens, Mat y)
    {
    }

    public void EmbedGrad(Mat dy, Mat tokens, Mat dTable)
    {
    }

    public void LayerNorm(Mat x, Mat gain, Mat bias, double eps, Mat y, Mat stats)
    {
    }

    public void LayerNormGrad(Mat dy, Mat x, Mat gain, Mat stats, Mat dx, bool accumulate, Mat dGain, Mat dBias)
    {
    }

    public void RmsNorm(Mat x, Mat gain, double eps, Mat y, Mat stats)
    {
    }

    public void RmsNormGrad(Mat dy, Mat x, Mat gain, Mat stats, Mat dx, bool accumulate, Mat dGain)
    {
    }

    public void Rotary(Heads x, Mat positions, RotaryTable table, bool inverse)
    {
    }

    public void Attention(IPlan plan, Queries queries, AttentionInputs inputs, Mat y, Mat logSumExp)
    {
    }

    public void AttentionGrad(IPlan plan, Queries queries, AttentionInputs inputs, Mat y, Mat logSumExp, Mat dy, AttentionInputs gradients)
    {
    }

    public void Gelu(Mat x, GeluForm form, Mat y)
    {
    }

    public void GeluGrad(Mat x, GeluForm form, Mat dy, Mat dx)
    {
    }

    public void Tanh(Mat x, Mat y)
    {
    }

    public void TanhGrad(Mat y, Mat dy, Mat dx)
    {
    }

    public void SwiGlu(Mat gate, Mat up, Mat y)
    {
    }

    public void SwiGluGrad(Mat gate, Mat up, Mat dy, Mat dGate, Mat dUp)
    {
    }

    public void AddTo(Mat x, Mat y)
    {
    }

    public void GatherRows(Mat x, Mat rows, Mat y)
    {
    }

    public void GatherRowsGrad(Mat dy, Mat rows, Mat dx, bool accumulate)
    {
    }

    public void HeadLogProb(Mat hidden, Mat weight, Mat targetRows, Mat targetTokens, Mat logProb, Mat logSumExp)
    {
    }

    public void HeadLogProbGrad(
        Mat hidden, Mat weight, Mat targetRows, Mat targetTokens, Mat logSumExp, Mat upstream, Mat dHidden, Mat dWeight)
    {
    }

    public void HeadKl(Mat hiddenP, Mat weightP, Mat hiddenQ, Mat weightQ, Mat divergence, Mat entropy)
    {
    }

    public void HeadLogits(Mat hidden, Mat weight, Mat y)
    {
    }

    public void KvAppend(Heads keys, Heads values, Mat cacheRows, Mat cache)
    {
    }

    public void DecodeAttention(Heads queries, int keyValueHeads, Mat cache, Mat ranges, int window, Mat y)
    {
    }

    public void Sample(Mat hidden, Mat weight, double temperature, ulong key, Mat streams, Mat tokens, Mat logProb)
    {
    }

    public void Zero(Mat x)
    {
    }

    public void Copy(Mat x, Mat y)
    {
    }

    public void SumSquares(Mat x, Mat result)
    {
    }

    public void ScaleToNorm(Mat x, Mat sumSquares, double maxNorm)
    {
    }

    public void RmsProp(Mat w, Mat g, Mat v, double learningRate, double alpha, double eps)
    {
    }

    public void AdamW(Mat w, Mat g, Mat m, Mat v, double learningRate, double beta1, double beta2, double eps, double weightDecay, int step)
    {
    }
}
