namespace Goodhart.Engine.Ops;

public static class HeadLogProbOp
{
    /// <summary>log π(target | prefix) of every target of the plan, in nats.</summary>
    /// <remarks>Fused: the [rows, vocabulary] matrix is never stored; the backward pass recomputes it tile by tile.</remarks>
    /// <param name="hidden">Final hidden states of the plan's head rows, [r, d].</param>
    /// <param name="weight">Unembedding, [V, d].</param>
    /// <returns>[targets, 1].</returns>
    public static Tensor HeadLogProb(this Tape tape, IPlan plan, Tensor hidden, Parameter weight)
    {
        ShapeException.Require(hidden.Value.Rows == plan.HeadRows.Rows, nameof(HeadLogProb), $"[{plan.HeadRows.Rows}, d]", hidden.Value);
        return tape.HeadLogProb(plan.TargetRows, plan.TargetTokens, hidden, weight);
    }

    /// <summary>The same for targets given as tables: row of <paramref name="hidden"/> and token of each, [targets, 1] I32.</summary>
    public static Tensor HeadLogProb(this Tape tape, Mat targetRows, Mat targetTokens, Tensor hidden, Parameter weight)
    {
        Tensor logProb = new(tape.Allocate(targetRows.Rows, 1, DType.F32), hidden.NeedsGradient || weight.IsTrained);
        Mat logSumExp = tape.Allocate(hidden.Value.Rows, 1, DType.F32);
        tape.Ops.HeadLogProb(hidden.Value, weight.Value, targetRows, targetTokens, logProb.Value, logSumExp);
        tape.Record(logProb, () =>
        {
            // The kernel overwrites: a hidden state that other operations read too gets its sum.
            Mat dHidden = tape.Allocate(hidden.Value.Rows, hidden.Value.Cols);
            tape.Ops.HeadLogProbGrad(
                hidden.Value, weight.Value, targetRows, targetTokens, logSumExp, logProb.Gradient, dHidden, weight.Gradient);
            tape.Contribute(hidden, dHidden);
        }, hidden);
        return logProb;
    }
}
