using Goodhart.Engine.Torch.Calls;

namespace Goodhart.Engine.Torch.Ops;

/// <content>Drawing tokens by Gumbel arg-max, with Philox in whole numbers of 64 bits.</content>
internal sealed partial class TorchOps
{
    private const uint First = 0xD2511F53;
    private const uint Second = 0xCD9E8D57;

    /// <summary>Words that are drawn at once, 64 bits each, and some eight times that while they become noise: what a processor's cache
    /// holds, or what fills a GPU.</summary>
    internal static int MostDraws(bool isHost) => isHost ? 1 << 18 : 4 << 20;

    public void Sample(Mat hidden, Mat weight, double temperature, ulong key, Mat streams, Mat tokens, Mat logProb)
    {
        const string Name = nameof(Sample);
        RequireHead(hidden, weight, Name);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(temperature);
        ShapeException.Require(
            streams.Rows == hidden.Rows && streams.Cols == 3 && streams.Type == DType.I32, Name, $"streams [{hidden.Rows}, 3]", streams);
        RequireColumn(tokens, hidden.Rows, Name, DType.I32);
        RequireColumn(logProb, hidden.Rows, Name);
        if (hidden.Rows == 0)
        {
            return;
        }

        using Aten.Scope scope = aten.Open();
        TorchTensor logits = aten.Mul(FloatProduct(View(hidden), memory.Transposed(weight)), (float)(1 / temperature));
        int each = Math.Max(1, MostDraws(aten.IsHost) / weight.Rows);
        for (int start = 0; start < hidden.Rows; start += each)
        {
            using Aten.Scope part = aten.Open();
            int count = Math.Min(each, hidden.Rows - start);
            TorchTensor own = aten.Narrow(logits, 0, start, count);
            TorchTensor noisy = aten.Add(aten.To(own, aten.Imports.F64), Noise(streams.RowRange(start, count), weight.Rows, key));
            TorchTensor best = aten.Call("aten::argmax"u8, ""u8, noisy, Argument.Some(1L), true);
            aten.Copy(View(tokens.RowRange(start, count)), best);
            TorchTensor chosen = aten.Call("aten::gather"u8, ""u8, own, 1L, best, false);
            aten.Copy(View(logProb.RowRange(start, count)), aten.Add(chosen, aten.LogSumExp(own, 1), -1));
        }

        memory.Changed(tokens);
    }

    /// <summary>−log(−log u) of every row and token, [rows, vocabulary] in double.</summary>
    private TorchTensor Noise(Mat streams, int vocabulary, ulong key)
    {
        (int n, int blocks) = (streams.Rows, (vocabulary + 3) / 4);
        TorchTensor addresses = aten.Long(View(streams));
        TorchTensor index = aten.FromHost([.. Enumerable.Range(0, blocks).Select(i => (long)i)], aten.Imports.I64, 1, blocks);
        TorchTensor mask = Whole(uint.MaxValue);
        TorchTensor half = Whole(32);
        (TorchTensor first, TorchTensor second) = (Whole(First), Whole(Second));
        TorchTensor c0 = aten.Expand(index, n, blocks);
        TorchTensor c1 = aten.Expand(aten.Narrow(addresses, 1, 0, 1), n, blocks);
        TorchTensor c2 = aten.Expand(aten.Narrow(addresses, 1, 1, 1), n, blocks);
        TorchTensor c3 = aten.Expand(aten.Narrow(addresses, 1, 2, 1), n, blocks);
        (uint k0, uint k1) = ((uint)key, (uint)(key >> 32));
        TorchTensor[] kept = [];
        TorchTensor stacked;
        try
        {
            for (int round = 0; round < 10; round++)
            {
                // A round leaves four words of a block and nothing else: what ten hold on their way would be a hundred times the logits.
                TorchTensor[] next;
                using (aten.Open())
                {
                    TorchTensor p0 = aten.Mul(c0, first);
                    TorchTensor p1 = aten.Mul(c2, second);
                    next = [Xor(Xor(High(p1), c1), Whole(k0)), Low(p1), Xor(Xor(High(p0), c3), Whole(k1)), Low(p0)];
                    Array.ForEach(next, word => aten.Keep(word));
                }

                Array.ForEach(kept, aten.Delete);
                kept = next;
                (c0, c1, c2, c3) = (next[0], next[1], next[2], next[3]);
                (k0, k1) = unchecked((k0 + 0x9E3779B9, k1 + 0xBB67AE85));
            }

            stacked = aten.Call("aten::stack"u8, ""u8, aten.List(c0, c1, c2, c3), 2L);
        }
        finally
        {
            Array.ForEach(kept, aten.Delete);
        }

        TorchTensor words = aten.Narrow(aten.Reshape(stacked, n, 4L * blocks), 1, 0, vocabulary);
        TorchTensor bits = aten.Call("aten::bitwise_right_shift"u8, "Tensor"u8, words, Whole(9));
        TorchTensor unit = aten.To(aten.Mul(aten.Add(aten.To(bits, aten.Imports.F32), 0.5), 1.0 / (1 << 23)), aten.Imports.F64);
        return aten.Mul(aten.Log(aten.Mul(aten.Log(unit), -1)), -1);

        TorchTensor Xor(TorchTensor a, TorchTensor b) => aten.Call("aten::bitwise_xor"u8, "Tensor"u8, a, b);

        TorchTensor Low(TorchTensor a) => aten.Call("aten::bitwise_and"u8, "Tensor"u8, a, mask);

        TorchTensor High(TorchTensor a) => Low(aten.Call("aten::bitwise_right_shift"u8, "Tensor"u8, a, half));
    }

    private TorchTensor Whole(long value) => aten.FromHost([value], aten.Imports.I64);
}
