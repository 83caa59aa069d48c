using Goodhart.Engine;
using Goodhart.Engine.Cpu;
using Goodhart.Models.Recurrent;
using Goodhart.Testing.Reference;
using Xunit;

namespace Goodhart.Models.Tests.Recurrent;

public sealed class RecurrentPolicyTests
{
    private const int Tokens = 3;
    private const int Depth = 3;

    public static TheoryData<RecurrentCell, int> Cells =>
        new() { { new RnnCell(), 5 }, { new RnnCell(), 17 } };

    [Theory]
    [MemberData(nameof(Cells))]
    public void Sequences_have_the_log_probs_of_the_plain_recurrence(RecurrentCell cell, int width)
    {
        using CpuDevice device = new();
        using RecurrentPolicy policy = new(device, cell, Tokens, width, training: false);
        policy.Initialize(seed: 3);
        double[] logProbs = Enumerated(device, policy);
        Assert.Equal(27, logProbs.Length);
        Assert.Equal(1, logProbs.Sum(Math.Exp), 1e-6);
        for (int k = 0; k < logProbs.Length; k++)
        {
            Assert.Equal(Plain(policy, [k / 9, k / 3 % 3, k % 3]), logProbs[k], 1e-5);
        }
    }

    /// <summary>⟨∇ Σ u·log π, v⟩ against five-point differences, over all weights at once.</summary>
    [Theory]
    [MemberData(nameof(Cells))]
    public void Gradients_agree_with_finite_differences(RecurrentCell cell, int width)
    {
        using CpuDevice device = new();
        using RecurrentPolicy policy = new(device, cell, Tokens, width, training: true);
        policy.Initialize(seed: 5);
        float[] upstream = [.. Enumerable.Range(0, 27).Select(k => (float)Math.Sin(k + 1))];
        float[] at = device.ReadF32(policy.Parameters.Values);
        using IArena arena = device.CreateArena("test", 1 << 16);
        using PrefixTree tree = new(device, Tokens, Depth);
        Tape tape = new(device, arena, recording: true);
        Tensor[] levels = policy.LogProbs(tape, tree);
        for (int level = 0, below = 9; level < Depth; level++, below /= 3)
        {
            float[] sums = new float[levels[level].Value.Rows];
            for (int k = 0; k < upstream.Length; k++)
            {
                sums[k / below] += upstream[k];
            }

            tape.Seed(levels[level], sums);
        }

        policy.Parameters.ZeroGradients();
        tape.Backward();
        float[] gradient = device.ReadF32(policy.Parameters.Gradients);
        for (int direction = 0; direction < 4; direction++)
        {
            double[] v = [.. at.Select((_, i) => Math.Sin((1.7 * i) + direction))];
            double At(double h)
            {
                device.Upload(policy.Parameters.Values, [.. at.Zip(v, (x, vi) => (float)(x + (h * vi)))]);
                return Enumerated(device, policy).Zip(upstream, (log, u) => log * u).Sum();
            }

            double numeric = (8 * (At(0.02) - At(-0.02)) - (At(0.04) - At(-0.04))) / 0.24;
            double analytic = gradient.Zip(v, (g, vi) => g * vi).Sum();
            Assert.Equal(numeric, analytic, 2e-3 * Math.Max(1, Math.Abs(numeric)));
        }
    }

    [Fact]
    public void The_reference_device_agrees_and_a_seed_fixes_every_bit()
    {
        using CpuDevice device = new();
        using ReferenceDevice reference = new();
        using RecurrentPolicy policy = new(device, new RnnCell(), Tokens, 7, training: false);
        using RecurrentPolicy same = new(device, new RnnCell(), Tokens, 7, training: false);
        using RecurrentPolicy slow = new(reference, new RnnCell(), Tokens, 7, training: false);
        policy.Initialize(1);
        same.Initialize(1);
        slow.Initialize(1);
        double[] logProbs = Enumerated(device, policy);
        Assert.Equal(logProbs, Enumerated(device, same));
        Assert.All(logProbs.Zip(Enumerated(reference, slow)), pair => Assert.Equal(pair.Second, pair.First, 1e-5));
        same.Initialize(2);
        Assert.NotEqual(logProbs, Enumerated(device, same));
    }

    private static double[] Enumerated(IDevice device, RecurrentPolicy policy)
    {
        using IArena arena = device.CreateArena("test", 1 << 16);
        using PrefixTree tree = new(device, Tokens, Depth);
        Tensor[] levels = policy.LogProbs(new Tape(device, arena, recording: false), tree);
        float[][] values = [.. levels.Select(level => device.ReadF32(level.Value))];
        return [.. Enumerable.Range(0, tree.Sequences).Select(k => (double)values[0][k / 9] + values[1][k / 3] + values[2][k])];
    }

    /// <summary>The definition, one sequence at a time, in double.</summary>
    private static double Plain(RecurrentPolicy policy, int[] sequence)
    {
        float[] input = policy.Parameters.Get("input.weight");
        float[] recurrent = policy.Parameters.Get("recurrent.weight");
        float[] bias = policy.Parameters.Get("recurrent.bias");
        float[] head = policy.Parameters.Get("head.weight");
        int d = policy.Hidden;
        int wide = policy.Cell.Gates * d;
        double[] h = new double[d];
        double logProb = 0;
        int last = Tokens;
        foreach (int token in sequence)
        {
            double U(int row) => bias[row] + Enumerable.Range(0, d).Sum(j => recurrent[(row * d) + j] * h[j]);
            double X(int row) => input[(last * wide) + row];
            h = [.. Enumerable.Range(0, d).Select(j => Math.Tanh(X(j) + U(j)))];
            double[] logits = [.. Enumerable.Range(0, Tokens).Select(v => Enumerable.Range(0, d).Sum(j => head[(v * d) + j] * h[j]))];
            logProb += logits[token] - Math.Log(logits.Sum(Math.Exp));
            last = token;
        }

        return logProb;
    }
}
