namespace Goodhart.Engine.Optimizers;

/// <summary>An update rule over a whole parameter slab. The record is its own configuration.</summary>
public abstract record Optimizer
{
    /// <summary>Names of the per-parameter state, in the order <see cref="Step"/> takes it.</summary>
    public abstract IReadOnlyList<string> StateNames { get; }

    /// <summary>Moves each value by its own gradient and state, so that a slab may be gone through a piece at a time.</summary>
    /// <param name="state">One matrix per state name, laid out like the values.</param>
    /// <param name="step">Counts from 1.</param>
    public abstract void Step(IOps ops, Mat values, Mat gradients, IReadOnlyList<Mat> state, double learningRate, int step);
}

/// <summary>RMSprop as PyTorch computes it, without momentum: w −= lr·g/(√v + eps).</summary>
public sealed record RmsProp : Optimizer
{
    public double Alpha { get; init; } = 0.99;

    public double Eps { get; init; } = 1e-8;

    public override IReadOnlyList<string> StateNames => ["square_avg"];

    public override void Step(IOps ops, Mat values, Mat gradients, IReadOnlyList<Mat> state, double learningRate, int step) =>
        ops.RmsProp(values, gradients, state[0], learningRate, Alpha, Eps);
}

/// <summary>AdamW as PyTorch computes it; Adam where the decay is 0.</summary>
public sealed record AdamW : Optimizer
{
    public double Beta1 { get; init; } = 0.9;

    public double Beta2 { get; init; } = 0.999;

    public double Eps { get; init; } = 1e-8;

    public double WeightDecay { get; init; }

    public override IReadOnlyList<string> StateNames => ["exp_avg", "exp_avg_sq"];

    public override void Step(IOps ops, Mat values, Mat gradients, IReadOnlyList<Mat> state, double learningRate, int step) =>
        ops.AdamW(values, gradients, state[0], state[1], learningRate, Beta1, Beta2, Eps, WeightDecay, step);
}
