using Xunit;

namespace Goodhart.Engine.Conformance;

/// <summary>A kind of device by its name, with the ways in which it can be made: what the operation table runs over.</summary>
/// <param name="name">As <see cref="DeviceInfo.Name"/> has it.</param>
/// <param name="variants">Names of its instruction sets or the like, the one that users get last.</param>
/// <param name="threads">Numbers of threads worth a try.</param>
/// <param name="create">Makes a device of a variant with a number of threads.</param>
public sealed class DeviceKind(string name, IReadOnlyList<string> variants, IReadOnlyList<int> threads, Func<string, int, IDevice> create)
{
    /// <summary>Of sums of some hundreds of terms in another order, relative to their size.</summary>
    private const double Rounding = 2e-5;

    public string Name => name;

    public IReadOnlyList<string> Variants => variants;

    public IReadOnlyList<int> Threads => threads;

    public string Best => variants[^1];

    /// <summary>Variants whose results agree bit by bit.</summary>
    public IReadOnlyList<string> AlikeVariants { get; init; } = [];

    /// <summary>Whether bits depend neither on threads nor on what stands beside a row.</summary>
    /// <remarks>Tests that ask for bits ask this, or for <see cref="AssertSame(double[], double[])"/>.</remarks>
    public bool PromisesBits
    {
        get
        {
            using IDevice device = create(Best, threads[0]);
            return device.Info.PromisesBits;
        }
    }

    /// <summary>How many times a table's tolerance this device's own library may be off; 1: the tables as they are.</summary>
    public double Slack { get; init; } = 1;

    public IDevice Create(string variant, int count = 1) => create(variant, count);

    /// <summary>The same bits where the device promises them; the same numbers but for rounding where it does not.</summary>
    public void AssertSame(double[] expected, double[] actual)
    {
        if (PromisesBits)
        {
            Assert.Equal(expected, actual);
        }
        else
        {
            Rig.Close(expected, actual, Rounding);
        }
    }

    /// <inheritdoc cref="AssertSame(double[], double[])"/>
    public void AssertSame(float[] expected, float[] actual) =>
        AssertSame([.. expected.Select(v => (double)v)], [.. actual.Select(v => (double)v)]);
}
