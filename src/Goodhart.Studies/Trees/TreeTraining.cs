using Goodhart.Alignment.Losses;
using Goodhart.Alignment.Training;

namespace Goodhart.Studies.Trees;

/// <summary>SFT and alignment on a tree, full batch, every trajectory's probability kept at every step.</summary>
public static class TreeTraining
{
    /// <summary>Maximum likelihood on the demonstrations, until they have the wanted probability together.</summary>
    /// <param name="mass">In (0, 1).</param>
    /// <param name="steps">Most updates.</param>
    /// <returns>Updates done, and the SFT loss there in nats per demonstration.</returns>
    /// <exception cref="NonFiniteException">A log-prob is not finite.</exception>
    public static (int Steps, double Loss) Sft(TreePolicy policy, TreeData data, double mass, int steps, double learningRate)
    {
        double[] upstream = new double[data.Shape.Trajectories];
        foreach (int demonstration in data.Demonstrations)
        {
            upstream[demonstration] = -1.0 / data.Demonstrations.Count;
        }

        for (int step = 0; ; step++)
        {
            double[] logProbs = Checked(policy.LogProbs(), step, data);
            if (step == steps || data.Demonstrations.Sum(k => Math.Exp(logProbs[k])) >= mass)
            {
                return (step, -data.Demonstrations.Average(k => logProbs[k]));
            }

            policy.Update(upstream, learningRate);
        }
    }

    /// <summary>Direct alignment from the policy as it is; that is also the reference.</summary>
    public static TreeRun Align(
        TreePolicy policy, TreeData data, PreferenceLoss loss, int steps, double learningRate, string name, double beta, ulong seed)
    {
        double[] reference = Checked(policy.LogProbs(), 0, data);
        double[] losses = new double[steps + 1];
        double[] margins = new double[steps + 1];
        float[][] probabilities = new float[steps + 1][];
        PairLogProbs[] pairs = new PairLogProbs[data.Preferences.Count];
        PairGradient[] terms = new PairGradient[pairs.Length];
        double[] upstream = new double[data.Shape.Trajectories];
        for (int step = 0; step <= steps; step++)
        {
            double[] logProbs = step == 0 ? reference : Checked(policy.LogProbs(), step, data);
            probabilities[step] = [.. logProbs.Select(value => (float)Math.Exp(value))];
            for (int i = 0; i < pairs.Length; i++)
            {
                (int chosen, int rejected) = (data.Preferences[i].Chosen, data.Preferences[i].Rejected);
                pairs[i] = new(
                    logProbs[chosen], logProbs[rejected], reference[chosen], reference[rejected], data.Shape.Depth, data.Shape.Depth);
            }

            loss.Evaluate(pairs, terms);
            losses[step] = loss.BatchLoss(terms);
            margins[step] = pairs.Average(pair => pair.Margin);
            if (step < steps)
            {
                Gather(data, terms, upstream);
                policy.Update(upstream, learningRate);
            }
        }

        return new TreeRun(name, loss.Name, beta, seed, losses, margins, probabilities);
    }

    private static void Gather(TreeData data, PairGradient[] terms, double[] upstream)
    {
        Array.Clear(upstream);
        for (int i = 0; i < terms.Length; i++)
        {
            upstream[data.Preferences[i].Chosen] += terms[i].Chosen / terms.Length;
            upstream[data.Preferences[i].Rejected] += terms[i].Rejected / terms.Length;
        }
    }

    private static double[] Checked(double[] logProbs, int step, TreeData data) => Array.TrueForAll(logProbs, double.IsFinite)
        ? logProbs
        : throw new NonFiniteException("a trajectory's log-prob", step, [.. Enumerable.Range(0, data.Preferences.Count)]);
}
