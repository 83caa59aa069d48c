namespace Goodhart.Engine.Ops;

public static class EmbedOp
{
    /// <summary>Row i of the result is row tokens_i of the table.</summary>
    /// <param name="tokens">[n, 1] I32.</param>
    public static Tensor Embed(this Tape tape, Parameter table, Mat tokens)
    {
        Tensor y = new(tape.Allocate(tokens.Rows, table.Value.Cols), table.IsTrained);
        tape.Ops.Embed(table.Value, tokens, y.Value);
        tape.Record(y, () => tape.Ops.EmbedGrad(y.Gradient, tokens, table.Gradient));
        return y;
    }
}
