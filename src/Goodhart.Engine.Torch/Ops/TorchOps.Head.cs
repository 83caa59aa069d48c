using Goodhart.Engine.Torch.Calls;

namespace Goodhart.Engine.Torch.Ops;

/// <content>The language-model head, some rows' logits at a time.</content>
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
        TorchTensor rows = Vector(targetRows);
        bool atOnce = hidden.Rows <= Chunk(weight);
        TorchTensor target = default;
        foreach ((int start, int count) in Chunks(hidden.Rows, Chunk(weight)))
        {
            TorchTensor logits = aten.Mm(View(hidden.RowRange(start, count)), memory.Transposed(weight));
            aten.Copy(View(logSumExp.RowRange(start, count)), aten.LogSumExp(logits, 1));
            if (atOnce && targetRows.Rows > 0)
            {
                target = aten.IndexSelect(aten.Reshape(logits, -1), Cells(targetRows, targetTokens, weight.Rows));
            }
        }

        if (targetRows.Rows > 0)
        {
            target = atOnce ? target : aten.Sum(
                aten.Mul(aten.IndexSelect(View(hidden), rows), aten.IndexSelect(View(weight), Vector(targetTokens))), 1, keep: false);
            aten.Copy(Vector(logProb), aten.Add(target, aten.IndexSelect(Vector(logSumExp), rows), -1));
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
        TorchTensor w = View(weight);
        (TorchTensor rows, TorchTensor tokens) = (Vector(targetRows), Vector(targetTokens));

        // Of every row: minus the sum of what comes from above, by which its softmax goes into the gradient.
        TorchTensor share = aten.New(aten.Imports.F32, hidden.Rows, 1);
        aten.Zero(share);
        if (targetRows.Rows > 0)
        {
            aten.AddRows(share, rows, aten.Mul(View(upstream), -1));
        }

        bool atOnce = hidden.Rows <= Chunk(weight);
        foreach ((int start, int count) in Chunks(hidden.Rows, Chunk(weight)))
        {
            TorchTensor part = View(hidden.RowRange(start, count));
            TorchTensor slope = aten.New(aten.Imports.F32, count, weight.Rows);
            aten.AddMm(slope, View(logSumExp.RowRange(start, count)), part, memory.Transposed(weight), beta: -1);
            aten.ExpInPlace(slope);
            aten.MulInPlace(slope, aten.Narrow(share, 0, start, count));
            if (atOnce && targetRows.Rows > 0)
            {
                aten.AddRows(aten.Reshape(slope, -1), Cells(targetRows, targetTokens, weight.Rows), Vector(upstream));
            }

            aten.Mm(View(dHidden.RowRange(start, count)), slope, w);
            if (!dWeight.IsEmpty)
            {
                TorchTensor dw = View(dWeight);
                aten.AddMm(dw, dw, aten.Transpose(slope, 0, 1), part);
            }
        }

        if (!atOnce && targetRows.Rows > 0)
        {
            aten.AddRows(View(dHidden), rows, aten.Mul(aten.IndexSelect(w, tokens), View(upstream)));
            if (!dWeight.IsEmpty)
            {
                aten.AddRows(View(dWeight), tokens, aten.Mul(aten.IndexSelect(View(hidden), rows), View(upstream)));
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
        foreach ((int start, int count) in Chunks(hiddenP.Rows, Math.Max(1, Chunk(weightP) / 4)))
        {
            using Aten.Scope scope = aten.Open();
            TorchTensor p = LogSoftmax(hiddenP.RowRange(start, count), weightP);
            TorchTensor q = LogSoftmax(hiddenQ.RowRange(start, count), weightQ);
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

    private static int Chunk(Mat weight) => Math.Max(64, MostLogits / Math.Max(1, weight.Rows));

    private static IEnumerable<(int Start, int Count)> Chunks(int rows, int each)
    {
        for (int start = 0; start < rows; start += each)
        {
            yield return (start, Math.Min(each, rows - start));
        }
    }

    /// <summary>row·columns + column: where the targets' logits lie in [rows, columns], as whole numbers of 64 bits.</summary>
    private TorchTensor Cells(Mat targetRows, Mat targetTokens, int columns)
    {
        ReadOnlySpan<int> rows = memory.Indices(targetRows).ToArray();
        ReadOnlySpan<int> tokens = memory.Indices(targetTokens);
        long[] cells = new long[rows.Length];
        for (int t = 0; t < cells.Length; t++)
        {
            cells[t] = ((long)rows[t] * columns) + tokens[t];
        }

        return OnDevice(cells, aten.Imports.I64, cells.Length);
    }

    /// <summary>In double: a divergence is a small difference of large numbers.</summary>
    private TorchTensor LogSoftmax(Mat hidden, Mat weight) => aten.Call(
        "aten::_log_softmax"u8, ""u8, aten.To(aten.Mm(View(hidden), memory.Transposed(weight)), aten.Imports.F64), 1L, false);
}
