using Goodhart.Engine.Torch.Calls;

namespace Goodhart.Engine.Torch.Ops;

/// <content>The language-model head, some rows' logits at a time; logits are float32, whatever they are products of.</content>
internal sealed partial class TorchOps
{
    /// <summary>Logits that are held at once: 64 MB.</summary>
    private const int MostLogits = 16 << 20;

    public void HeadLogProb(Mat hidden, Mat weight, Mat targetRows, Mat targetTokens, Mat logProb, Mat logSumExp)
    {
        const string Name = nameof(HeadLogProb);
        RequireHead(hidden, weight, Name);
        RequireTargets(targetRows, targetTokens, hidden.Rows, weight.Rows, Name);
        RequireColumn(logProb, targetRows.Rows, Name);
        RequireColumn(logSumExp, hidden.Rows, Name);
        if (hidden.Rows == 0)
        {
            return;
        }

        using Aten.Scope scope = aten.Open();
        TorchTensor w = LogitWeight(weight);
        TorchTensor target = aten.New(aten.Imports.F32, targetRows.Rows);
        foreach (HeadChunk chunk in Chunks(hidden, weight, targetRows, targetTokens))
        {
            using Aten.Scope part = aten.Open();
            TorchTensor logits = FloatProduct(View(chunk.Of(hidden)), w);
            if (chunk.Targets.Length > 0)
            {
                aten.PutRows(target, Index(chunk.Targets), aten.IndexSelect(aten.Reshape(logits, -1), Index(chunk.Cells)));
            }

            aten.Copy(View(chunk.Of(logSumExp)), aten.LogSumExpInPlace(logits));
        }

        if (targetRows.Rows > 0)
        {
            aten.Copy(Vector(logProb), aten.Add(target, aten.IndexSelect(Vector(logSumExp), Vector(targetRows)), -1));
        }
    }

    public void HeadLogProbGrad(
        Mat hidden, Mat weight, Mat targetRows, Mat targetTokens, Mat logSumExp, Mat upstream, Mat dHidden, Mat dWeight)
    {
        const string Name = nameof(HeadLogProbGrad);
        RequireHead(hidden, weight, Name);
        RequireTargets(targetRows, targetTokens, hidden.Rows, weight.Rows, Name);
        RequireColumn(upstream, targetRows.Rows, Name);
        RequireColumn(logSumExp, hidden.Rows, Name);
        ShapeException.Require(dHidden.Rows == hidden.Rows && dHidden.Cols == hidden.Cols, Name, $"dHidden {hidden}", dHidden);
        ShapeException.Require(
            dWeight.IsEmpty || (dWeight.Rows == weight.Rows && dWeight.Cols == weight.Cols), Name, $"dWeight {weight}, or none", dWeight);
        if (hidden.Rows == 0)
        {
            return;
        }

        using Aten.Scope scope = aten.Open();
        (TorchTensor w, TorchTensor logitWeight) = (View(weight), LogitWeight(weight));

        // Of every row: minus the sum of what comes from above, by which its softmax goes into the gradient.
        TorchTensor share = aten.New(aten.Imports.F32, hidden.Rows, 1);
        aten.Zero(share);
        if (targetRows.Rows > 0)
        {
            aten.AddRows(share, Vector(targetRows), aten.Mul(View(upstream), -1));
        }

        foreach (HeadChunk chunk in Chunks(hidden, weight, targetRows, targetTokens))
        {
            using Aten.Scope scopeOfChunk = aten.Open();
            TorchTensor part = View(chunk.Of(hidden));
            TorchTensor slope = LogProbs(part, logitWeight, View(chunk.Of(logSumExp)));
            aten.ExpInPlace(slope);
            aten.MulInPlace(slope, aten.Narrow(share, 0, chunk.Start, chunk.Count));
            if (chunk.Targets.Length > 0)
            {
                aten.AddRows(aten.Reshape(slope, -1), Index(chunk.Cells), aten.IndexSelect(Vector(upstream), Index(chunk.Targets)));
            }

            TorchTensor stored = aten.To(slope, aten.TypeOf(w));
            Product(View(chunk.Of(dHidden)), stored, w, accumulate: false);
            if (!dWeight.IsEmpty)
            {
                AddWeightProduct(View(dWeight), aten.Transpose(stored, 0, 1), part);
            }
        }
    }

    public void HeadKl(Mat hiddenP, Mat weightP, Mat hiddenQ, Mat weightQ, Mat divergence, Mat entropy)
    {
        const string Name = nameof(HeadKl);
        RequireHead(hiddenP, weightP, Name);
        RequireHead(hiddenQ, weightQ, Name);
        ShapeException.Require(hiddenQ.Rows == hiddenP.Rows, Name, $"as many rows as {hiddenP}", hiddenQ);
        ShapeException.Require(weightQ.Rows == weightP.Rows, Name, $"a vocabulary of {weightP.Rows}", weightQ);
        ShapeException.Require(
            divergence.Rows == hiddenP.Rows && divergence.Cols == 2, Name, $"divergence [{hiddenP.Rows}, 2]", divergence);
        ShapeException.Require(entropy.IsEmpty || entropy.Rows == hiddenP.Rows, Name, $"entropy [{hiddenP.Rows}, 1]", entropy);
        using Aten.Scope scope = aten.Open();
        (TorchTensor wp, TorchTensor wq) = (LogitWeight(weightP), LogitWeight(weightQ));
        int each = DivergenceRows(weightP);
        for (int start = 0; start < hiddenP.Rows; start += each)
        {
            using Aten.Scope chunk = aten.Open();
            int count = Math.Min(each, hiddenP.Rows - start);
            TorchTensor p = LogSoftmax(hiddenP.RowRange(start, count), wp);
            TorchTensor q = LogSoftmax(hiddenQ.RowRange(start, count), wq);
            TorchTensor gap = aten.Add(p, q, -1);
            TorchTensor probability = aten.Exp(p);
            Mat to = divergence.RowRange(start, count);
            aten.Copy(Column(to, 0), aten.Sum(aten.Mul(probability, gap), 1, keep: true));
            aten.Copy(Column(to, 1), aten.Mul(aten.Sum(aten.Mul(aten.Exp(q), gap), 1, keep: true), -1));
            if (!entropy.IsEmpty)
            {
                aten.Copy(View(entropy.RowRange(start, count)), aten.Mul(aten.Sum(aten.Mul(probability, p), 1, keep: true), -1));
            }
        }
    }

    private static void RequireHead(Mat hidden, Mat weight, string operation)
    {
        ShapeException.Require(hidden.Cols == weight.Cols, operation, $"hidden with {weight.Cols} columns", hidden);
        ShapeException.Require(weight.Rows > 0, operation, "a weight with at least one row", weight);
    }

    private void RequireTargets(Mat rows, Mat tokens, int rowCount, int vocabulary, string operation)
    {
        RequireColumn(rows, rows.Rows, operation, DType.I32);
        RequireColumn(tokens, rows.Rows, operation, DType.I32);
        ReadOnlySpan<int> row = memory.Indices(rows).ToArray();
        ReadOnlySpan<int> token = memory.Indices(tokens);
        for (int t = 0; t < row.Length; t++)
        {
            if ((uint)row[t] >= (uint)rowCount || (uint)token[t] >= (uint)vocabulary)
            {
                throw new ArgumentOutOfRangeException(
                    nameof(tokens),
                    $"{operation}: expected rows below {rowCount} and tokens below {vocabulary}, "
                    + $"but target {t} is token {token[t]} of row {row[t]}.");
            }
        }
    }

    /// <summary>Rows whose divergence is computed at once: a logit of theirs takes four times the room and more.</summary>
    internal static int DivergenceRows(Mat weight) => Math.Max(1, ChunkRows(weight) / 4);

    /// <summary>Rows whose logits are held at once.</summary>
    internal static int ChunkRows(Mat weight) => Math.Max(64, MostLogits / Math.Max(1, weight.Rows));

    private IReadOnlyList<HeadChunk> Chunks(Mat hidden, Mat weight, Mat targetRows, Mat targetTokens) => HeadChunk.Of(
        hidden.Rows, ChunkRows(weight), memory.Indices(targetRows).ToArray(), memory.Indices(targetTokens), weight.Rows);

    /// <summary>[d, V], as <see cref="FloatProduct"/> wants it: where it has to widen, widened once for all chunks.</summary>
    private TorchTensor LogitWeight(Mat weight) =>
        aten.Transpose(aten.IsHost && (widens || !aten.Mixes) ? aten.Float(View(weight)) : View(weight), 0, 1);

    /// <summary>Logits minus their log-sum-exp.</summary>
    private TorchTensor LogProbs(TorchTensor hidden, TorchTensor weight, TorchTensor logSumExp)
    {
        if (aten.TypeOf(hidden) == aten.Imports.F32)
        {
            TorchTensor inOnePass = aten.New(aten.Imports.F32, aten.Size(hidden, 0), aten.Size(weight, 1));
            aten.AddMm(inOnePass, logSumExp, hidden, weight, beta: -1);
            return inOnePass;
        }

        TorchTensor logits = FloatProduct(hidden, weight);
        aten.AddProduct(logits, logSumExp, aten.Number(aten.Imports.F32, 1), -1);
        return logits;
    }

    private TorchTensor Index(long[] values) => aten.FromHost(values, aten.Imports.I64, values.Length);

    /// <summary>In double: a divergence is a small difference of large numbers.</summary>
    private TorchTensor LogSoftmax(Mat hidden, TorchTensor weight) => aten.Call(
        "aten::_log_softmax"u8, ""u8, aten.To(FloatProduct(View(hidden), weight), aten.Imports.F64), 1L, false);
}
