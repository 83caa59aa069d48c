namespace Goodhart.Cli.Bench.Shapes;

/// <summary>
/// A generator of so few lines that the peers in other languages draw the same lengths: <c>bench/peers/shapes.py</c> has it too.
/// </summary>
internal sealed class LengthDraws(uint seed)
{
    private uint state = seed;

    /// <summary>In [0, 1).</summary>
    public double Uniform()
    {
        state = unchecked((state * 1664525u) + 1013904223u);
        return (state >> 8) / (double)(1 << 24);
    }

    /// <summary>Mean 0, variance 1: the sum of twelve uniform numbers, less 6.</summary>
    public double Normal()
    {
        double sum = 0;
        for (int i = 0; i < 12; i++)
        {
            sum += Uniform();
        }

        return sum - 6;
    }

    /// <summary>In [0, below).</summary>
    public int Whole(int below) => (int)(Uniform() * below);
}
