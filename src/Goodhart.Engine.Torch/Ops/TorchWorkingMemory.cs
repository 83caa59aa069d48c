using Goodhart.Engine.Torch.Attention;
using Goodhart.Engine.Torch.Memory;

namespace Goodhart.Engine.Torch.Ops;

/// <summary>What <see cref="TorchOps"/> holds while it runs: the tensors of one operation, which go with it.</summary>
/// <param name="rules">Of the device that it stands for.</param>
/// <param name="mixes">Whether products of bfloat16 are given as float32 where that is wanted.</param>
/// <param name="widens">Whether bfloat16 is made float32 before it is multiplied.</param>
internal sealed class TorchWorkingMemory(Precision precision, PartRules rules, bool mixes, bool widens) : WorkingMemory
{
    private readonly bool isHost = rules == PartRules.Host;
    private readonly int stored = precision.Storage.Size();

    /// <remarks>The library's pages that are used, its register of operators, and buffers of its products.</remarks>
    public override long Program => 300_000_000;

    public override bool CopiesHeldWeights => false;

    private bool StoresFloats => precision.Storage == DType.F32;

    public override IPlan Prepare(SequencePlan plan, IDevice device, IArena arena) => new TorchPlan(plan, device, rules, arena);

    public override long Product(Mat a, Mat b, Mat y) =>
        a.Type == DType.BF16 && b.Type == DType.BF16 && widens ? F32 * (a.Count + b.Count + y.Count)
        : a.Type != b.Type ? F32 * (Widened(a) + Widened(b) + y.Count)
        : a.Type == y.Type || (isHost && mixes) ? 0
        : isHost ? stored * y.Count
        : F32 * y.Count;

    public override long Norm(Mat x, bool isRms, bool isGradient) =>
        x.Count * (isRms ? F32 * ((isGradient ? 4 : 2) + (StoresFloats ? 0 : 1)) : stored);

    public override long Rotary(Heads x, RotaryTable table) =>
        F32 * (long)x.Rows * (table.Dims / 2) * (2 + (StoresFloats ? x.Count : 2 * x.Count));

    public override long Attention(IPlan plan, Queries queries, AttentionInputs inputs, bool isGradient)
    {
        int width = inputs.Queries.Width;
        int keyWidth = inputs.Keys.Width;
        return ((TorchPlan)plan).Parts(queries, inputs.Window, alone: inputs.Queries.Rows < plan.Source.Rows).All
            .Select(Part).DefaultIfEmpty(0).Max();

        long Part(AttentionPart part)
        {
            long asking = (long)part.Trees * part.Outputs.Length;
            long keys = (long)part.Trees * part.Keys.Length;
            long read = Copied(part.Queries, asking * width) + (2 * Copied(part.Keys, keys * keyWidth))
                + (inputs.Group > 1 ? 2 * keys * width : 0);
            long lse = F32 * asking * inputs.Queries.Count;
            return isGradient
                ? (stored * (read + (2 * Copied(part.Outputs, asking * width)) + (asking * width) + (2 * keys * width)
                    + Copied(part.Queries, asking * width) + (2 * Copied(part.Keys, keys * keyWidth)))) + (2 * lse)
                : (stored * (read + (asking * width) + Copied(part.Outputs, asking * width))) + lse;
        }

        long Copied(PartRows rows, long count) => rows.First >= 0 ? 0 : count;
    }

    public override long Gated(Mat gate, bool isGradient) => stored * gate.Count * (isGradient ? 2 : 1);

    public override long Scatter(Mat rows, Mat target) => rows.Type == target.Type ? 0 : F32 * rows.Count;

    public override long Head(Mat hidden, Mat weight) => LogitWeight(weight) + (F32 * Logits(hidden, weight));

    public override long HeadGradient(Mat hidden, Mat weight, Mat dWeight)
    {
        long logits = Logits(hidden, weight);
        long product = StoresFloats ? 0 : widens ? F32 * (logits + weight.Count) : dWeight.IsEmpty || (isHost && mixes) ? 0
            : (isHost ? stored : F32) * weight.Count;
        return LogitWeight(weight) + (F32 * logits) + (StoresFloats ? 0 : stored * logits) + product;
    }

    /// <summary>Of two policies in double: log-probs, their gap, probabilities, and products of these.</summary>
    public override long Divergence(Mat hidden, Mat weight) => (2 * LogitWeight(weight))
        + (Math.Min(hidden.Rows, TorchOps.DivergenceRows(weight)) * (long)weight.Rows * ((2 * F32) + (9 * F64)));

    public override long Decode(Heads queries, int keyValueHeads, Mat cache) =>
        2 * stored * Math.Min(TorchOps.MostSeen, (long)queries.Rows * cache.Rows * keyValueHeads * queries.Dim);

    public override long Sample(Mat hidden, Mat weight) => LogitWeight(weight) + (F32 * 2 * (long)hidden.Rows * weight.Rows)
        + (DrawBytes * Math.Min((long)hidden.Rows * weight.Rows, Math.Max(weight.Rows, TorchOps.MostDraws(isHost))));

    public override long Flat(Mat x) => 2 * F64 * Math.Min(x.Count, TorchOps.FlatElements(isHost));

    private const int F32 = 4;
    private const int F64 = 8;

    /// <summary>Of a token's draw: its words before and after a round, their products, then the noise and what it is added to.</summary>
    private const int DrawBytes = 64;

    private static long Widened(Mat mat) => mat.Type == DType.F32 ? 0 : mat.Count;

    private static long Logits(Mat hidden, Mat weight) => Math.Min(hidden.Rows, TorchOps.ChunkRows(weight)) * (long)weight.Rows;

    private long LogitWeight(Mat weight) => isHost && !StoresFloats && !(mixes && !widens) ? F32 * weight.Count : 0;
}
