namespace Goodhart.Engine.Ops;

public static class GatedUnitOp
{
    /// <summary>The new hidden state of a gated recurrent unit (GRU, as PyTorch's nn.GRUCell has it).</summary>
    /// <param name="gates">The input's part of the three pre-activations, [n, 3d].</param>
    /// <param name="recurrent">The hidden state's part, [n, 3d].</param>
    /// <param name="hidden">The hidden state before, [n, d].</param>
    /// <returns>[n, d].</returns>
    public static Tensor GatedUnit(this Tape tape, Tensor gates, Tensor recurrent, Tensor hidden)
    {
        Tensor y = new(tape.Allocate(hidden.Value.Rows, hidden.Value.Cols));
        tape.Ops.GatedUnit(gates.Value, recurrent.Value, hidden.Value, y.Value);
        tape.Record(() =>
        {
            Mat dGates = tape.Allocate(gates.Value.Rows, gates.Value.Cols);
            Mat dRecurrent = tape.Allocate(recurrent.Value.Rows, recurrent.Value.Cols);
            Mat dHidden = tape.Allocate(hidden.Value.Rows, hidden.Value.Cols);
            tape.Ops.GatedUnitGrad(gates.Value, recurrent.Value, hidden.Value, y.Gradient, dGates, dRecurrent, dHidden);
            tape.Contribute(gates, dGates);
            tape.Contribute(recurrent, dRecurrent);
            tape.Contribute(hidden, dHidden);
        });
        return y;
    }
}
