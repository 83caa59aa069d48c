namespace Goodhart.Engine;

/// <summary>
/// The whole price of a device. Every operation takes handles and writes to out-parameters; forward and backward of one operation
/// stand together. Accumulating operations (weight, bias, gain and table gradients) continue each element's sum in ascending row order
/// without splitting it, so that cutting a batch into micro-batches changes no bit.
/// </summary>
/// <remarks>Shapes: n rows (tokens), d features, V vocabulary, r head rows, t targets. Unless said otherwise all are F32.</remarks>
public interface IOps
{
    /// <summary>y = x Wᵀ + b + addend. x [n, in], W [out, in], y [n, out]; bias [out, 1] and addend [n, out] may be default (absent);
    /// the addend may be y itself.</summary>
    void Linear(Mat x, Mat weight, Mat bias, Mat addend, Mat y);

    /// <summary>dx = dy W, or dx += dy W.</summary>
    void LinearInputGrad(Mat dy, Mat weight, Mat dx, bool accumulate);

    /// <summary>dW += dyᵀ x; db += Σ_rows dy (dBias may be default).</summary>
    void LinearWeightGrad(Mat dy, Mat x, Mat dWeight, Mat dBias);

    /// <summary>y_i = table[tokens_i]. tokens [n, 1] I32.</summary>
    void Embed(Mat table, Mat tokens, Mat y);

    /// <summary>dTable[tokens_i] += dy_i, in row order.</summary>
    void EmbedGrad(Mat dy, Mat tokens, Mat dTable);

    /// <summary>y = gain·(x − mean)/√(var + eps) + bias, biased variance. stats [n, 2] receives mean and 1/√(var + eps).</summary>
    void LayerNorm(Mat x, Mat gain, Mat bias, double eps, Mat y, Mat stats);

    /// <summary>dx (= or +=), dGain +=, dBias +=.</summary>
    void LayerNormGrad(Mat dy, Mat x, Mat gain, Mat stats, Mat dx, bool accumulate, Mat dGain, Mat dBias);

    /// <summary>Rotates, in place, the first <see cref="RotaryTable.Dims"/> dims of every q and k; pairs are (j, j + dims/2).
    /// qkv [n, heads·3·headDim] (q, k, v alternate per head), positions [n, 1] I32. inverse: the transpose, for gradients.</summary>
    void Rotary(Mat qkv, Mat positions, int heads, RotaryTable table, bool inverse);

    /// <summary>Softmax attention over the forest: a row sees its ancestors' rows and its own segment causally; scale headDim^−½.
    /// qkv [n, heads·3·headDim]; y [n or r, heads·headDim]; logSumExp [n or r, heads] is saved for the backward pass.</summary>
    void Attention(IPlan plan, Queries queries, Mat qkv, int heads, Mat y, Mat logSumExp);

    /// <summary>dQkv is overwritten in full (zero for queries that did not ask).</summary>
    void AttentionGrad(IPlan plan, Queries queries, Mat qkv, int heads, Mat y, Mat logSumExp, Mat dy, Mat dQkv);

    void Gelu(Mat x, GeluForm form, Mat y);

    /// <summary>dx = dy · gelu′(x); dx may be dy.</summary>
    void GeluGrad(Mat x, GeluForm form, Mat dy, Mat dx);

    /// <summary>y = tanh x; y may be x.</summary>
    void Tanh(Mat x, Mat y);

    /// <summary>dx = dy (1 − y²), from the output y; dx may be dy.</summary>
    void TanhGrad(Mat y, Mat dy, Mat dx);

    /// <summary>One step of a gated recurrent unit. gates and recurrent [n, 3d] hold reset, update and candidate, d columns each: the
    /// input's
    /// and the hidden state's part of the pre-activations. r = σ(g_r + u_r), z = σ(g_z + u_z), c = tanh(g_c + r u_c);
    /// y = (1 − z) c + z h. hidden and y [n, d].</summary>
    void GatedUnit(Mat gates, Mat recurrent, Mat hidden, Mat y);

    /// <summary>dGates, dRecurrent and dHidden (its direct part, z dy) are overwritten; the gates are computed again.</summary>
    void GatedUnitGrad(Mat gates, Mat recurrent, Mat hidden, Mat dy, Mat dGates, Mat dRecurrent, Mat dHidden);

    /// <summary>y += x.</summary>
    void AddTo(Mat x, Mat y);

    /// <summary>y_i = x[rows_i]. rows [m, 1] I32.</summary>
    void GatherRows(Mat x, Mat rows, Mat y);

    /// <summary>dx[rows_i] (+)= dy_i; where not accumulating, other rows of dx become 0.</summary>
    void GatherRowsGrad(Mat dy, Mat rows, Mat dx, bool accumulate);

    /// <summary>log softmax(hidden Wᵀ) at the targets. hidden [r, d], W [V, d], targetRows and targetTokens [t, 1] I32;
    /// logProb [t, 1]; logSumExp [r, 1] is saved. Never stores [r, V].</summary>
    void HeadLogProb(Mat hidden, Mat weight, Mat targetRows, Mat targetTokens, Mat logProb, Mat logSumExp);

    /// <summary>upstream [t, 1]; dHidden is overwritten, dWeight accumulated.</summary>
    void HeadLogProbGrad(Mat hidden, Mat weight, Mat targetRows, Mat targetTokens, Mat logSumExp, Mat upstream, Mat dHidden, Mat dWeight);

    /// <summary>Full-vocabulary divergences of two heads, per row, in nats: divergence [r, 2] = (KL(p‖q), KL(q‖p)), entropy [r, 1] of p
    /// (may be default). Hidden widths of p and q may differ.</summary>
    void HeadKl(Mat hiddenP, Mat weightP, Mat hiddenQ, Mat weightQ, Mat divergence, Mat entropy);

    /// <summary>y = hidden Wᵀ in full: for small vocabularies and tests. y [r, V].</summary>
    void HeadLogits(Mat hidden, Mat weight, Mat y);

    /// <summary>Writes k and v of each row to its row of the cache. cacheRows [n, 1] I32; cache [capacity, 2·heads·headDim].</summary>
    void KvAppend(Mat qkv, int heads, Mat cacheRows, Mat cache);

    /// <summary>One query per row over two ranges of cache rows: ranges [n, 4] I32 = (promptStart, promptLength, ownStart, ownLength).
    /// The row's own key must have been appended. y [n, heads·headDim].</summary>
    void DecodeAttention(Mat qkv, int heads, Mat cache, Mat ranges, Mat y);

    /// <summary>Draws one token per row from softmax(hidden Wᵀ / temperature) by Gumbel arg-max (ties: the lowest index).</summary>
    /// <remarks>Noise of token v in row i: −log(−log u), u = Philox(key; v/4, position, sample, item), word v mod 4, as an open unit.
    /// streams [r, 3] I32 holds (position, sample, item). tokens [r, 1] I32; logProb [r, 1] is under the tempered distribution.</remarks>
    void Sample(Mat hidden, Mat weight, double temperature, ulong key, Mat streams, Mat tokens, Mat logProb);

    void Zero(Mat x);

    void Copy(Mat x, Mat y);

    /// <summary>result [1, 1] F64 = Σ x², summed in a fixed order for any number of threads.</summary>
    void SumSquares(Mat x, Mat result);

    /// <summary>x *= min(1, maxNorm/(√sumSquares + 1e-6)): PyTorch's clip_grad_norm_.</summary>
    void ScaleToNorm(Mat x, Mat sumSquares, double maxNorm);

    /// <summary>PyTorch's RMSprop without momentum: v = α v + (1 − α) g²; w −= lr g/(√v + eps). Flat matrices.</summary>
    void RmsProp(Mat w, Mat g, Mat v, double learningRate, double alpha, double eps);

    /// <summary>PyTorch's AdamW (Adam at weight decay 0): w −= lr·decay·w, then the bias-corrected step. step counts from 1.</summary>
    void AdamW(Mat w, Mat g, Mat m, Mat v, double learningRate, double beta1, double beta2, double eps, double weightDecay, int step);
}

/// <summary>gelu (exact, erf) or gelu_new (tanh).</summary>
public enum GeluForm
{
    Erf,
    Tanh,
}

/// <summary>Angles of rotary embedding: position · base^(−2j/dims), j = 0 .. dims/2 − 1. Computed in double, used as f32.</summary>
public sealed record RotaryTable(int Dims, double Base)
{
    /// <summary>Inverse frequency of pair j.</summary>
    public double Frequency(int j) => Math.Pow(Base, -2.0 * j / Dims);
}
