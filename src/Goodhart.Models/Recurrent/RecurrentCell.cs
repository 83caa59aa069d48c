using Goodhart.Engine;
using Goodhart.Engine.Ops;

namespace Goodhart.Models.Recurrent;

/// <summary>How a recurrent network makes its next hidden state.</summary>
public abstract record RecurrentCell
{
    /// <summary>The name in options and results.</summary>
    public abstract string Name { get; }

    /// <summary>Pre-activations per hidden unit.</summary>
    public abstract int Gates { get; }

    /// <param name="input">The token's part of the pre-activations, [n, gates·d].</param>
    /// <param name="hidden">The state before, [n, d].</param>
    /// <param name="weight">[gates·d, d].</param>
    /// <param name="bias">[gates·d].</param>
    /// <returns>The state after, [n, d].</returns>
    public abstract Tensor Next(Tape tape, Tensor input, Tensor hidden, Parameter weight, Parameter bias);
}

/// <summary>Elman's network, PyTorch's nn.RNN: h' = tanh(x + W h + b).</summary>
public sealed record RnnCell : RecurrentCell
{
    public override string Name => "rnn";

    public override int Gates => 1;

    public override Tensor Next(Tape tape, Tensor input, Tensor hidden, Parameter weight, Parameter bias) =>
        tape.Tanh(tape.Linear(hidden, weight, bias, addend: input));
}
