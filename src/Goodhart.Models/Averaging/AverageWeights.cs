using System.Globalization;

namespace Goodhart.Models.Averaging;

/// <summary>How much each of several models counts in their average; the weights add up to 1.</summary>
public abstract record AverageWeights
{
    /// <summary>Short, for records.</summary>
    public abstract string Name { get; }

    /// <param name="models">How many there are, in the order that they were given.</param>
    /// <exception cref="ArgumentException">So many models cannot be averaged like this; the message says why.</exception>
    public abstract double[] Of(int models);

    private protected static double InRange(double value, bool includesHigh, string what) =>
        value >= 0 && (value < 1 || (includesHigh && value == 1)) ? value : throw new ArgumentException(string.Create(
            CultureInfo.InvariantCulture, $"expected {what} in [0, 1{(includesHigh ? ']' : ')')}, found {value}."));
}

/// <summary>All alike: a uniform soup. Wortsman et al. 2022, arXiv:2203.05482.</summary>
public sealed record UniformWeights : AverageWeights
{
    public override string Name => "uniform";

    public override double[] Of(int models)
    {
        double[] weights = new double[models];
        Array.Fill(weights, 1.0 / models);
        return weights;
    }
}

/// <summary>(1 − α)·first + α·second. WiSE-FT, Wortsman et al. 2021, arXiv:2109.01903.</summary>
public sealed record Interpolation : AverageWeights
{
    public override string Name => "interpolation";

    /// <summary>α in [0, 1]: 0 is the first model, 1 the second.</summary>
    public required double Alpha
    {
        get;
        init => field = InRange(value, includesHigh: true, "the interpolation's alpha");
    }

    public override double[] Of(int models) => models == 2 ? [1 - Alpha, Alpha] : throw new ArgumentException(string.Create(
        CultureInfo.InvariantCulture, $"an interpolation is between 2 models, found {models}: give weights to average more."));
}

/// <summary>Exponential moving average over checkpoints in the order of training, begun at the first: e ← d·e + (1 − d)·θ.</summary>
public sealed record MovingAverage : AverageWeights
{
    public override string Name => "ema";

    /// <summary>d in [0, 1): 0 is the last checkpoint.</summary>
    public required double Decay
    {
        get;
        init => field = InRange(value, includesHigh: false, "the moving average's decay");
    }

    public override double[] Of(int models)
    {
        double[] weights = new double[models];
        weights[0] = 1;
        for (int model = 1; model < models; model++)
        {
            for (int earlier = 0; earlier < model; earlier++)
            {
                weights[earlier] *= Decay;
            }

            weights[model] = 1 - Decay;
        }

        return weights;
    }
}

/// <summary>Weights that are given, one for each model.</summary>
public sealed record GivenWeights(IReadOnlyList<double> Values) : AverageWeights
{
    /// <summary>How far from 1 the sum of numbers with few decimals may be.</summary>
    private const double Tolerance = 1e-9;

    public override string Name => "weights";

    public override double[] Of(int models)
    {
        if (Values.Count != models)
        {
            throw new ArgumentException(string.Create(
                CultureInfo.InvariantCulture, $"expected a weight for each of {models} models, found {Values.Count}."));
        }

        double sum = Values.Sum();
        return Math.Abs(sum - 1) <= Tolerance
            ? [.. Values]
            : throw new ArgumentException(string.Create(CultureInfo.InvariantCulture, $"expected weights that add up to 1, found {sum}."));
    }
}
