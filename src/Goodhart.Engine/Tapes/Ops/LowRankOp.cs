namespace Goodhart.Engine.Ops;

public static class LowRankOp
{
    /// <summary>y += scale · B (A x), in place: y's own value must not be needed by the backward pass of what made it.</summary>
    /// <param name="down">A, [r, in].</param>
    /// <param name="up">B, [out, r].</param>
    /// <param name="scale">The scale times the identity, [r, r]: a product with it has one term that is not 0, and so is exact.</param>
    public static void AddLowRank(this Tape tape, Tensor y, Tensor x, Parameter down, Parameter up, Mat scale)
    {
        ShapeException.Require(x.Value.Cols == down.Value.Cols, down.Name, $"input [n, {down.Value.Cols}]", x.Value);
        int rank = down.Value.Rows;
        Tensor inner = new(tape.Allocate(x.Value.Rows, rank));
        Mat unscaled = tape.Allocate(x.Value.Rows, rank);
        tape.Ops.Linear(x.Value, down.Value, default, default, unscaled);
        tape.Ops.Linear(unscaled, scale, default, default, inner.Value);
        tape.Ops.Linear(inner.Value, up.Value, default, y.Value, y.Value);
        tape.Release(unscaled);
        if (x.NeedsGradient || up.IsTrained)
        {
            y.NeedsGradient = true;
            tape.Record(y, Backward, up.IsTrained ? [x, inner] : []);
        }

        tape.Discard(inner);

        void Backward()
        {
            // With t = scale · A x: dB = dyᵀ t, dt = scale · dy B, dA = dtᵀ x, dx = dt A. dy itself goes on to what made y.
            Mat dScaled = tape.Allocate(x.Value.Rows, rank);
            Mat dInner = tape.Allocate(x.Value.Rows, rank);
            tape.Ops.LinearInputGrad(y.Gradient, up.Value, dScaled, accumulate: false);
            tape.Ops.Linear(dScaled, scale, default, default, dInner);
            if (up.IsTrained)
            {
                tape.Ops.LinearWeightGrad(y.Gradient, inner.Value, up.Gradient, default);
                tape.Ops.LinearWeightGrad(dInner, x.Value, down.Gradient, default);
            }

            if (x.NeedsGradient)
            {
                Mat dx = tape.GradientOf(x, out bool accumulate);
                tape.Ops.LinearInputGrad(dInner, down.Value, dx, accumulate);
            }

            tape.Release(dScaled);
            tape.Release(dInner);
        }
    }
}
