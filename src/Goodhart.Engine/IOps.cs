namespace Goodhart.Engine;

/// <summary>
/// The whole price of a device. Every operation takes handles and writes to out-parameters; forward and backward of one operation
/// stand together. Accumulating operations (weight, bias, gain and table gradients) continue each element's sum in ascending row order
/// without splitting it, so that cutting a batch into micro-batches changes no bit.
/// </summary>
/// <remarks>Shapes: n rows (tokens), d features, V vocabulary, r head rows, t targets. Activations, their gradients, weights and the cache
/// are stored as the device's <see cref="Precision"/> says; gradients of weights, statistics, log-probs and what optimizers see are F32.
/// A Linear without addend, and the gradients of one, may have an F32 output beside stored inputs: what losses read.</remarks>
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

    /// <summary>dx (= or +=), dGain +=, dBias +=; both of them may be default, for a frozen norm.</summary>
    void LayerNormGrad(Mat dy, Mat x, Mat gain, Mat stats, Mat dx, bool accumulate, Mat dGain, Mat dBias);

    /// <summary>y = gain·x / √(mean x² + eps). stats [n, 1] receives 1/√(mean x² + eps).</summary>
    void RmsNorm(Mat x, Mat gain, double eps, Mat y, Mat stats);

    /// <summary>dx (= or +=), dGain += (may be default, for a frozen norm); dx may be dy.</summary>
    void RmsNormGrad(Mat dy, Mat x, Mat gain, Mat stats, Mat dx, bool accumulate, Mat dGain);

    /// <summary>Rotates, in place, the first <see cref="RotaryTable.Dims"/> dims of every head; pairs are (j, j + dims/2).
    /// positions [n, 1] I32. inverse: the transpose, for gradients.</summary>
    void Rotary(Heads x, Mat positions, RotaryTable table, bool inverse);

    /// <summary>Softmax attention over the forest: a row sees its ancestors' rows and its own segment causally, within the window; scale
    /// dim^−½. y [n or r, heads·dim]; logSumExp [n or r, heads] is saved for the backward pass.</summary>
    void Attention(IPlan plan, Queries queries, AttentionInputs inputs, Mat y, Mat logSumExp);

    /// <summary>The views of <paramref name="gradients"/> are overwritten in full (zero for queries that did not ask).</summary>
    void AttentionGrad(
        IPlan plan, Queries queries, AttentionInputs inputs, Mat y, Mat logSumExp, Mat dy, AttentionInputs gradients);

    void Gelu(Mat x, GeluForm form, Mat y);

    /// <summary>dx = dy · gelu′(x); dx may be dy.</summary>
    void GeluGrad(Mat x, GeluForm form, Mat dy, Mat dx);

    /// <summary>y = tanh x; y may be x.</summary>
    void Tanh(Mat x, Mat y);

    /// <summary>dx = dy (1 − y²), from the output y; dx may be dy.</summary>
    void TanhGrad(Mat y, Mat dy, Mat dx);

    /// <summary>y = gate σ(gate) up. All of one shape; y may be gate or up.</summary>
    void SwiGlu(Mat gate, Mat up, Mat y);

    /// <summary>dGate and dUp are overwritten; each may be dy.</summary>
    void SwiGluGrad(Mat gate, Mat up, Mat dy, Mat dGate, Mat dUp);

    /// <summary>y += x.</summary>
    void AddTo(Mat x, Mat y);

    /// <summary>y_i = x[rows_i]. rows [m, 1] I32.</summary>
    void GatherRows(Mat x, Mat rows, Mat y);

    /// <summary>dx[rows_i] (+)= dy_i; where not accumulating, other rows of dx become 0.</summary>
    void GatherRowsGrad(Mat dy, Mat rows, Mat dx, bool accumulate);

    /// <summary>log softmax(hidden Wᵀ) at the targets. hidden [r, d], W [V, d], targetRows and targetTokens [t, 1] I32;
    /// logProb [t, 1]; logSumExp [r, 1] is saved. Never stores [r, V].</summary>
    void HeadLogProb(Mat hidden, Mat weight, Mat targetRows, Mat targetTokens, Mat logProb, Mat logSumExp);

    /// <summary>upstream [t, 1]; dHidden is overwritten, dWeight accumulated (it may be default, for a frozen head).</summary>
    void HeadLogProbGrad(Mat hidden, Mat weight, Mat targetRows, Mat targetTokens, Mat logSumExp, Mat upstream, Mat dHidden, Mat dWeight);

    /// <summary>Full-vocabulary divergences of two heads, per row, in nats: divergence [r, 2] = (KL(p‖q), KL(q‖p)), entropy [r, 1] of p
    /// (may be default). Hidden widths of p and q may differ.</summary>
    void HeadKl(Mat hiddenP, Mat weightP, Mat hiddenQ, Mat weightQ, Mat divergence, Mat entropy);

    /// <summary>y = hidden Wᵀ in full: for small vocabularies and tests. y [r, V].</summary>
    void HeadLogits(Mat hidden, Mat weight, Mat y);

    /// <summary>Writes keys and values of each row to its row of the cache. cacheRows [n, 1] I32; cache [capacity, 2·heads·dim].</summary>
    void KvAppend(Heads keys, Heads values, Mat cacheRows, Mat cache);

    /// <summary>One query per row over two ranges of cache rows: ranges [n, 4] I32 = (promptStart, promptLength, ownStart, ownLength), the
    /// last <paramref name="window"/> rows of the two where it is not 0. The row's own key must have been appended. y [n,
    /// heads·dim].</summary>
    void DecodeAttention(Heads queries, int keyValueHeads, Mat cache, Mat ranges, int window, Mat y);

    /// <summary>Draws one token per row from softmax(hidden Wᵀ / temperature) by Gumbel arg-max (ties: the lowest index).</summary>
    /// <remarks>Noise of token v in row i: −log(−log u), u = Philox(key; v/4, position, sample, item), word v mod 4, as an open unit.
    /// streams [r, 3] I32 holds (position, sample, item). tokens [r, 1] I32; logProb [r, 1] is under the tempered distribution.</remarks>
    void Sample(Mat hidden, Mat weight, double temperature, ulong key, Mat streams, Mat tokens, Mat logProb);

    void Zero(Mat x);

    /// <summary>y = x, of either storage type.</summary>
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
