using Goodhart.Engine;
using Goodhart.Engine.Ops;
using Goodhart.Engine.Randomness;

namespace Goodhart.Models.Recurrent;

/// <summary>A small autoregressive policy: one recurrent layer over the tokens so far, and a linear head without bias.</summary>
/// <remarks>The input is the last token alone (a row of a table; begin-of-sequence at first); what came before is in the hidden state, as
/// in a language model. Weights are shared by all prefixes.</remarks>
public sealed class RecurrentPolicy : IDisposable
{
    private const string InputName = "input.weight";
    private const string RecurrentName = "recurrent.weight";
    private const string BiasName = "recurrent.bias";
    private const string HeadName = "head.weight";

    private readonly IDevice device;

    /// <param name="tokens">Size of the vocabulary.</param>
    /// <param name="hidden">Width of the hidden state.</param>
    public RecurrentPolicy(IDevice device, RecurrentCell cell, int tokens, int hidden, bool training)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(hidden, 1);
        this.device = device;
        (Cell, Tokens, Hidden) = (cell, tokens, hidden);
        int wide = cell.Gates * hidden;
        Parameters = new ParameterSet(
            device, [(InputName, [tokens + 1, wide]), (RecurrentName, [wide, hidden]), (BiasName, [wide]), (HeadName, [tokens, hidden])],
            training);
    }

    public RecurrentCell Cell { get; }

    public int Tokens { get; }

    public int Hidden { get; }

    public ParameterSet Parameters { get; }

    /// <summary>Every weight uniform in ±1/√d: PyTorch's rule for recurrent layers, applied to the head too. Each tensor has its own
    /// stream.</summary>
    public void Initialize(ulong seed)
    {
        double bound = 1 / Math.Sqrt(Hidden);
        foreach (Parameter parameter in Parameters.All)
        {
            RandomStream stream = new(seed, "initial weights/" + parameter.Name, item: 0);
            float[] values = new float[parameter.Value.Count];
            for (int i = 0; i < values.Length; i++)
            {
                values[i] = (float)(bound * ((2 * stream.NextDouble()) - 1));
            }

            Parameters.Set(parameter.Name, values);
        }
    }

    /// <summary>log π(token | prefix) of every continuation of every prefix, one tensor a level, [branching^(level + 1), 1], in
    /// nats.</summary>
    public Tensor[] LogProbs(Tape tape, PrefixTree tree)
    {
        Mat zeros = tape.Allocate(1, Hidden);
        device.Ops.Zero(zeros);
        Tensor state = new(zeros);
        Tensor[] logProbs = new Tensor[tree.Depth];
        for (int level = 0; level < tree.Depth; level++)
        {
            PrefixLevel rows = tree.Levels[level];
            Tensor before = level == 0 ? state : tape.GatherRows(state, rows.Parents);
            Tensor input = tape.Embed(Parameters[InputName], rows.Tokens);
            state = Cell.Next(tape, input, before, Parameters[RecurrentName], Parameters[BiasName]);
            logProbs[level] = tape.HeadLogProb(rows.TargetRows, rows.TargetTokens, state, Parameters[HeadName]);
        }

        return logProbs;
    }

    public void Dispose() => Parameters.Dispose();
}
