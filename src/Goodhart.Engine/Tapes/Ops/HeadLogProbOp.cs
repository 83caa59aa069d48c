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
        Tensor logProb = new(tape.Allocate(plan.TargetRows.Rows, 1));
        Mat logSumExp = tape.Allocate(hidden.Value.Rows, 1);
        tape.Ops.HeadLogProb(hidden.Value, weight.Value, plan.TargetRows, plan.TargetTokens, logProb.Value, logSumExp);
        tape.Record(() => tape.Ops.HeadLogProbGrad(
            hidden.Value, weight.Value, plan.TargetRows, plan.TargetTokens, logSumExp, logProb.Gradient,
            tape.GradientOf(hidden, out _), weight.Gradient));
        return logProb;
    }
}
