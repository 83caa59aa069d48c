using Goodhart.Engine.Randomness;

namespace Goodhart.Studies.Trees;

/// <summary>The exact softmax over trajectories, one logit each: a policy whose parameters share nothing. Double, on the host.</summary>
/// <remarks>
/// A loss of margins alone has Σ ∂L/∂ log π = 0, so that ∂L/∂logit is the derivative by that trajectory's log-prob and nothing else: the
/// logit of a trajectory in no pair never moves. What such a policy does out of distribution is the normalisation's doing.
/// </remarks>
public sealed class TabularPolicy : TreePolicy
{
    public const string Name = "tabular";

    private const double Beta1 = 0.9;
    private const double Beta2 = 0.999;
    private const double Eps = 1e-8;
    private const double InitialDeviation = 0.5;

    private readonly double[] logits;
    private readonly double[] first;
    private readonly double[] second;
    private double[] logProbs = [];
    private int step;

    public TabularPolicy(ReadOnlySpan<double> logits)
    {
        this.logits = [.. logits];
        (first, second) = (new double[logits.Length], new double[logits.Length]);
    }

    /// <summary>Logits N(0, ½²), so that seeds differ.</summary>
    public static TabularPolicy Random(int trajectories, ulong seed)
    {
        RandomStream stream = new(seed, "initial weights/tabular", item: 0);
        double[] logits = new double[trajectories];
        for (int i = 0; i < logits.Length; i++)
        {
            logits[i] = InitialDeviation * stream.NextNormal();
        }

        return new TabularPolicy(logits);
    }

    public override double[] LogProbs() => logProbs = LogSoftmax(logits);

    public override void Update(ReadOnlySpan<double> upstream, double learningRate)
    {
        double total = 0;
        foreach (double value in upstream)
        {
            total += value;
        }

        step++;
        for (int i = 0; i < logits.Length; i++)
        {
            // ∂ log π_k/∂logit_i = [k = i] − π_i.
            double gradient = upstream[i] - (total * Math.Exp(logProbs[i]));
            first[i] = (Beta1 * first[i]) + ((1 - Beta1) * gradient);
            second[i] = (Beta2 * second[i]) + ((1 - Beta2) * gradient * gradient);
            double root = Math.Sqrt(second[i] / (1 - Math.Pow(Beta2, step)));
            logits[i] -= learningRate * first[i] / (1 - Math.Pow(Beta1, step)) / (root + Eps);
        }
    }

    public override float[] Save() => [.. logits.Select(logit => (float)logit)];

    public override void Start(ReadOnlySpan<float> parameters)
    {
        for (int i = 0; i < logits.Length; i++)
        {
            (logits[i], first[i], second[i]) = (parameters[i], 0, 0);
        }

        step = 0;
    }

    /// <summary>log softmax, the maximum taken out.</summary>
    public static double[] LogSoftmax(ReadOnlySpan<double> logits)
    {
        double largest = double.NegativeInfinity;
        foreach (double logit in logits)
        {
            largest = Math.Max(largest, logit);
        }

        double sum = 0;
        foreach (double logit in logits)
        {
            sum += Math.Exp(logit - largest);
        }

        double logNormaliser = largest + Math.Log(sum);
        double[] logProbs = new double[logits.Length];
        for (int i = 0; i < logProbs.Length; i++)
        {
            logProbs[i] = logits[i] - logNormaliser;
        }

        return logProbs;
    }
}
