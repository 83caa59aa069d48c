namespace Goodhart.Studies.Trees;

/// <summary>A policy over the trajectories of a tree, evaluated on all of them by enumeration, and trained by Adam.</summary>
public abstract class TreePolicy : IDisposable
{
    /// <summary>log π of every trajectory, in nats. The next <see cref="Update"/> differentiates at this point.</summary>
    public abstract double[] LogProbs();

    /// <summary>One Adam step down the loss whose derivatives by the trajectories' log-probs are given.</summary>
    /// <param name="upstream">∂L/∂ log π, one per trajectory.</param>
    public abstract void Update(ReadOnlySpan<double> upstream, double learningRate);

    /// <summary>The parameters, in the policy's own layout.</summary>
    public abstract float[] Save();

    /// <summary>Takes over parameters and starts Adam anew.</summary>
    public abstract void Start(ReadOnlySpan<float> parameters);

    public virtual void Dispose() => GC.SuppressFinalize(this);
}
