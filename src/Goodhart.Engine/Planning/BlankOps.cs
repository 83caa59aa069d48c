namespace Goodhart.Engine.Planning;

/// <summary>Operations that compute nothing: what is left of a run is the memory it asks for, and what each would take for
/// itself.</summary>
/// <param name="takes">Told of each operation's bytes.</param>
internal sealed class BlankOps(WorkingMemory working, Action<long> takes) : IOps
{
    public void Linear(Mat x, Mat weight, Mat bias, Mat addend, Mat y) =>
        takes(working.Product(x, weight, y));

    public void LinearInputGrad(Mat dy, Mat weight, Mat dx, bool accumulate) =>
        takes(working.Product(dy, weight, dx));

    public void LinearWeightGrad(Mat dy, Mat x, Mat dWeight, Mat dBias) =>
        takes(working.Product(dy, x, dWeight));

    public void Embed(Mat table, Mat tokens, Mat y)
    {
    }

    public void EmbedGrad(Mat dy, Mat tokens, Mat dTable) =>
        takes(working.Scatter(dy, dTable));

    public void LayerNorm(Mat x, Mat gain, Mat bias, double eps, Mat y, Mat stats) =>
        takes(working.Norm(x, isRms: false, isGradient: false));

    public void LayerNormGrad(Mat dy, Mat x, Mat gain, Mat stats, Mat dx, bool accumulate, Mat dGain, Mat dBias) =>
        takes(working.Norm(x, isRms: false, isGradient: true));

    public void RmsNorm(Mat x, Mat gain, double eps, Mat y, Mat stats) =>
        takes(working.Norm(x, isRms: true, isGradient: false));

    public void RmsNormGrad(Mat dy, Mat x, Mat gain, Mat stats, Mat dx, bool accumulate, Mat dGain) =>
        takes(working.Norm(x, isRms: true, isGradient: true));

    public void Rotary(Heads x, Mat positions, RotaryTable table, bool inverse) =>
        takes(working.Rotary(x, table));

    public void Attention(IPlan plan, Queries queries, AttentionInputs inputs, Mat y, Mat logSumExp) =>
        takes(working.Attention(plan, queries, inputs, isGradient: false));

    public void AttentionGrad(
        IPlan plan, Queries queries, AttentionInputs inputs, Mat y, Mat logSumExp, Mat dy, AttentionInputs gradients) =>
        takes(working.Attention(plan, queries, inputs, isGradient: true));

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

    public void SwiGlu(Mat gate, Mat up, Mat y) =>
        takes(working.Gated(gate, isGradient: false));

    public void SwiGluGrad(Mat gate, Mat up, Mat dy, Mat dGate, Mat dUp) =>
        takes(working.Gated(gate, isGradient: true));

    public void AddTo(Mat x, Mat y)
    {
    }

    public void GatherRows(Mat x, Mat rows, Mat y)
    {
    }

    public void GatherRowsGrad(Mat dy, Mat rows, Mat dx, bool accumulate) =>
        takes(working.Scatter(dy, dx));

    public void HeadLogProb(Mat hidden, Mat weight, Mat targetRows, Mat targetTokens, Mat logProb, Mat logSumExp) =>
        takes(working.Head(hidden, weight));

    public void HeadLogProbGrad(
        Mat hidden, Mat weight, Mat targetRows, Mat targetTokens, Mat logSumExp, Mat upstream, Mat dHidden, Mat dWeight) =>
        takes(working.HeadGradient(hidden, weight, dWeight));

    public void HeadKl(Mat hiddenP, Mat weightP, Mat hiddenQ, Mat weightQ, Mat divergence, Mat entropy) =>
        takes(working.Divergence(hiddenP, weightP));

    public void HeadLogits(Mat hidden, Mat weight, Mat y) =>
        takes(working.Product(hidden, weight, y));

    public void KvAppend(Heads keys, Heads values, Mat cacheRows, Mat cache)
    {
    }

    public void DecodeAttention(Heads queries, int keyValueHeads, Mat cache, Mat ranges, int window, Mat y) =>
        takes(working.Decode(queries, keyValueHeads, cache));

    public void Sample(Mat hidden, Mat weight, double temperature, ulong key, Mat streams, Mat tokens, Mat logProb) =>
        takes(working.Sample(hidden, weight));

    public void Zero(Mat x)
    {
    }

    public void Copy(Mat x, Mat y)
    {
    }

    public void SumSquares(Mat x, Mat result) =>
        takes(working.Flat(x));

    public void ScaleToNorm(Mat x, Mat sumSquares, double maxNorm)
    {
    }

    public void RmsProp(Mat w, Mat g, Mat v, double learningRate, double alpha, double eps) =>
        takes(working.Flat(w));

    public void AdamW(Mat w, Mat g, Mat m, Mat v, double learningRate, double beta1, double beta2, double eps, double weightDecay, int step)
    {
    }
}
