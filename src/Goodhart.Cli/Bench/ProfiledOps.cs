using Goodhart.Engine;

namespace Goodhart.Cli.Bench;

/// <summary>Operations that are timed. FLOPs are those of the products as they are needed: of attention, the visible pairs.</summary>
internal sealed class ProfiledOps(IOps inner, OpProfile profile) : IOps
{
    public void Linear(Mat x, Mat weight, Mat bias, Mat addend, Mat y) =>
        Weight("linear", weight, x.Rows, 2, () => inner.Linear(x, weight, bias, addend, y));

    public void LinearInputGrad(Mat dy, Mat weight, Mat dx, bool accumulate) =>
        Weight("linear input grad", weight, dy.Rows, 2, () => inner.LinearInputGrad(dy, weight, dx, accumulate));

    public void LinearWeightGrad(Mat dy, Mat x, Mat dWeight, Mat dBias) =>
        Weight("linear weight grad", dWeight, dy.Rows, 2, () => inner.LinearWeightGrad(dy, x, dWeight, dBias));

    public void Embed(Mat table, Mat tokens, Mat y) => Plain("embed", () => inner.Embed(table, tokens, y));

    public void EmbedGrad(Mat dy, Mat tokens, Mat dTable) => Plain("embed grad", () => inner.EmbedGrad(dy, tokens, dTable));

    public void LayerNorm(Mat x, Mat gain, Mat bias, double eps, Mat y, Mat stats) =>
        Plain("layer norm", () => inner.LayerNorm(x, gain, bias, eps, y, stats));

    public void LayerNormGrad(Mat dy, Mat x, Mat gain, Mat stats, Mat dx, bool accumulate, Mat dGain, Mat dBias) =>
        Plain("layer norm grad", () => inner.LayerNormGrad(dy, x, gain, stats, dx, accumulate, dGain, dBias));

    public void RmsNorm(Mat x, Mat gain, double eps, Mat y, Mat stats) => Plain("rms norm", () => inner.RmsNorm(x, gain, eps, y, stats));

    public void RmsNormGrad(Mat dy, Mat x, Mat gain, Mat stats, Mat dx, bool accumulate, Mat dGain) =>
        Plain("rms norm grad", () => inner.RmsNormGrad(dy, x, gain, stats, dx, accumulate, dGain));

    public void Rotary(Heads x, Mat positions, RotaryTable table, bool inverse) =>
        Plain("rotary", () => inner.Rotary(x, positions, table, inverse));

    public void Attention(IPlan plan, Queries queries, AttentionInputs inputs, Mat y, Mat logSumExp) => profile.Time(
        new OpKey("attention"),
        4.0 * y.Cols * VisiblePairs(plan, queries, inputs.Window),
        () => inner.Attention(plan, queries, inputs, y, logSumExp));

    public void AttentionGrad(
        IPlan plan, Queries queries, AttentionInputs inputs, Mat y, Mat logSumExp, Mat dy, AttentionInputs gradients) => profile.Time(
        new OpKey("attention grad"),
        10.0 * y.Cols * VisiblePairs(plan, queries, inputs.Window),
        () => inner.AttentionGrad(plan, queries, inputs, y, logSumExp, dy, gradients));

    public void Gelu(Mat x, GeluForm form, Mat y) => Plain("gelu", () => inner.Gelu(x, form, y));

    public void GeluGrad(Mat x, GeluForm form, Mat dy, Mat dx) => Plain("gelu grad", () => inner.GeluGrad(x, form, dy, dx));

    public void Tanh(Mat x, Mat y) => Plain("tanh", () => inner.Tanh(x, y));

    public void TanhGrad(Mat y, Mat dy, Mat dx) => Plain("tanh grad", () => inner.TanhGrad(y, dy, dx));

    public void SwiGlu(Mat gate, Mat up, Mat y) => Plain("swiglu", () => inner.SwiGlu(gate, up, y));

    public void SwiGluGrad(Mat gate, Mat up, Mat dy, Mat dGate, Mat dUp) =>
        Plain("swiglu grad", () => inner.SwiGluGrad(gate, up, dy, dGate, dUp));

    public void AddTo(Mat x, Mat y) => Plain("add", () => inner.AddTo(x, y));

    public void GatherRows(Mat x, Mat rows, Mat y) => Plain("gather rows", () => inner.GatherRows(x, rows, y));

    public void GatherRowsGrad(Mat dy, Mat rows, Mat dx, bool accumulate) =>
        Plain("gather rows grad", () => inner.GatherRowsGrad(dy, rows, dx, accumulate));

    public void HeadLogProb(Mat hidden, Mat weight, Mat targetRows, Mat targetTokens, Mat logProb, Mat logSumExp) => Weight(
        "head log-prob", weight, hidden.Rows, 2, () => inner.HeadLogProb(hidden, weight, targetRows, targetTokens, logProb, logSumExp));

    public void HeadLogProbGrad(
        Mat hidden, Mat weight, Mat targetRows, Mat targetTokens, Mat logSumExp, Mat upstream, Mat dHidden, Mat dWeight) => Weight(
        "head log-prob grad", weight, hidden.Rows, 6, () => inner.HeadLogProbGrad(
            hidden, weight, targetRows, targetTokens, logSumExp, upstream, dHidden, dWeight));

    public void HeadKl(Mat hiddenP, Mat weightP, Mat hiddenQ, Mat weightQ, Mat divergence, Mat entropy) =>
        Weight("head kl", weightP, hiddenP.Rows, 4, () => inner.HeadKl(hiddenP, weightP, hiddenQ, weightQ, divergence, entropy));

    public void HeadLogits(Mat hidden, Mat weight, Mat y) =>
        Weight("head logits", weight, hidden.Rows, 2, () => inner.HeadLogits(hidden, weight, y));

    public void KvAppend(Heads keys, Heads values, Mat cacheRows, Mat cache) =>
        Plain("append keys", () => inner.KvAppend(keys, values, cacheRows, cache));

    public void DecodeAttention(Heads queries, int keyValueHeads, Mat cache, Mat ranges, int window, Mat y) =>
        Plain("decode attention", () => inner.DecodeAttention(queries, keyValueHeads, cache, ranges, window, y));

    public void Sample(Mat hidden, Mat weight, double temperature, ulong key, Mat streams, Mat tokens, Mat logProb) => Weight(
        "sample", weight, hidden.Rows, 2, () => inner.Sample(hidden, weight, temperature, key, streams, tokens, logProb));

    public void Zero(Mat x) => Plain("zero", () => inner.Zero(x));

    public void Copy(Mat x, Mat y) => Plain("copy", () => inner.Copy(x, y));

    public void SumSquares(Mat x, Mat result) => Plain("gradient norm", () => inner.SumSquares(x, result));

    public void ScaleToNorm(Mat x, Mat sumSquares, double maxNorm) => Plain("clip", () => inner.ScaleToNorm(x, sumSquares, maxNorm));

    public void RmsProp(Mat w, Mat g, Mat v, double learningRate, double alpha, double eps) =>
        Plain("rmsprop", () => inner.RmsProp(w, g, v, learningRate, alpha, eps));

    public void AdamW(
        Mat w, Mat g, Mat m, Mat v, double learningRate, double beta1, double beta2, double eps, double weightDecay, int step) =>
        Plain("adamw", () => inner.AdamW(w, g, m, v, learningRate, beta1, beta2, eps, weightDecay, step));

    private void Plain(string name, Action operation) => profile.Time(new OpKey(name), 0, operation);

    /// <param name="weight">W [out, in].</param>
    private void Weight(string name, Mat weight, int rows, double flopsPerElement, Action operation) =>
        profile.Time(new OpKey(name, weight.Cols, weight.Rows), flopsPerElement * rows * weight.Count, operation);

    /// <summary>Pairs of a row that asks and a row that it sees.</summary>
    private static double VisiblePairs(IPlan plan, Queries queries, int window)
    {
        SequencePlan source = plan.Source;
        return queries == Queries.All ? source.Positions.Sum(Seen) : source.HeadRows.Sum(row => Seen(source.Positions[row]));

        double Seen(int position) => window == 0 ? position + 1.0 : Math.Min(position + 1, window);
    }
}
