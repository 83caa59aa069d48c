using System.Runtime.InteropServices;
using Goodhart.Engine;
using Goodhart.Engine.Optimizers;
using Goodhart.Models.Recurrent;

namespace Goodhart.Studies.Trees;

/// <summary>A recurrent network on the tree: one forward pass over the prefixes (13 in the paper's tree) gives every trajectory.</summary>
public sealed class RecurrentTreePolicy : TreePolicy
{
    private readonly IDevice device;
    private readonly RecurrentPolicy network;
    private readonly PrefixTree tree;
    private readonly IArena arena;
    private OptimizerState optimizer;
    private Tape? tape;
    private Tensor[] levels = [];

    /// <param name="network">Owned from here on.</param>
    public RecurrentTreePolicy(IDevice device, RecurrentPolicy network, int depth)
    {
        (this.device, this.network) = (device, network);
        tree = new PrefixTree(device, network.Tokens, depth);
        arena = device.CreateArena("tree activations", 1 << 16);
        optimizer = new OptimizerState(device, new AdamW(), network.Parameters);
    }

    public override double[] LogProbs()
    {
        arena.Reset();
        tape = new Tape(device, arena, recording: true);
        levels = network.LogProbs(tape, tree);
        double[] sums = new double[tree.Sequences];
        int below = tree.Sequences;
        foreach (Tensor level in levels)
        {
            below /= tree.Branching;
            ReadOnlySpan<float> logProbs = MemoryMarshal.Cast<byte, float>(device.Read(level.Value.Mem).Wait());
            for (int i = 0; i < sums.Length; i++)
            {
                sums[i] += logProbs[i / below];
            }
        }

        return sums;
    }

    public override void Update(ReadOnlySpan<double> upstream, double learningRate)
    {
        if (tape is null)
        {
            throw new InvalidOperationException("LogProbs comes before every Update: an update differentiates where it was evaluated.");
        }

        network.Parameters.ZeroGradients();
        int below = tree.Sequences;
        foreach (Tensor level in levels)
        {
            // A trajectory's log-prob is the sum of its actions': each action hears of all trajectories through it.
            below /= tree.Branching;
            float[] sums = new float[level.Value.Rows];
            for (int i = 0; i < upstream.Length; i++)
            {
                sums[i / below] += (float)upstream[i];
            }

            tape.Seed(level, sums);
        }

        tape.Backward();
        tape = null;
        optimizer.Step(network.Parameters, learningRate);
    }

    public override float[] Save() => device.ReadF32(network.Parameters.Values);

    public override void Start(ReadOnlySpan<float> parameters)
    {
        device.Upload(network.Parameters.Values, parameters);
        network.Parameters.Changed();
        optimizer.Dispose();
        optimizer = new OptimizerState(device, new AdamW(), network.Parameters);
    }

    public override void Dispose()
    {
        optimizer.Dispose();
        arena.Dispose();
        tree.Dispose();
        network.Dispose();
        base.Dispose();
    }
}
