namespace Goodhart.Report.Charts;

/// <summary>The colours of the charts. They can be told apart with any common colour vision deficiency.</summary>
/// <remarks>Series: Okabe and Ito's palette, its two palest colours darkened. Ramp: matplotlib's "plasma", dark to light, its pale end
/// darkened. On a page of either kind every ink has a contrast of 3 to 1 at least, as WCAG 2 asks of drawings.</remarks>
public static class Palette
{
    private static readonly Ink[] SeriesInks =
    [
        new("ink-s0", "#0072b2", "#4db3ff"), new("ink-s1", "#d55e00", "#ff9a4d"), new("ink-s2", "#009e73", "#3fd6a6"),
        new("ink-s3", "#aa4499", "#e79ad0"), new("ink-s4", "#b8860b", "#f0c649"), new("ink-s5", "#7b1f3a", "#c9758d"),
        new("ink-s6", "#555555", "#bbbbbb"),
    ];

    private static readonly Ink[] RampInks =
    [
        new("ink-r0", "#0d0887", "#8f5bff"), new("ink-r1", "#41049d", "#a457f5"), new("ink-r2", "#6a00a8", "#bd55e3"),
        new("ink-r3", "#8f0da4", "#d457cb"), new("ink-r4", "#b12a90", "#e561ac"), new("ink-r5", "#cc4778", "#f2718c"),
        new("ink-r6", "#d9545c", "#fa886b"), new("ink-r7", "#dd6440", "#fda74b"), new("ink-r8", "#c68700", "#fccd3d"),
    ];

    public static Ink Text { get; } = new("ink-text", "#1b1f24", "#e6e8eb");

    public static Ink Muted { get; } = new("ink-muted", "#5c6570", "#a2abb6");

    public static Ink Frame { get; } = new("ink-frame", "#8a929c", "#6e7681");

    public static Ink Grid { get; } = new("ink-grid", "#e7e9ec", "#30363d");

    /// <summary>What is behind the drawing; used to fill hollow markers.</summary>
    public static Ink Paper { get; } = new("ink-paper", "#ffffff", "#14171b");

    public static IEnumerable<Ink> All => [Text, Muted, Frame, Grid, Paper, .. SeriesInks, .. RampInks];

    /// <summary>Colour of unordered series number <paramref name="index"/>; beyond seven they repeat, the marker's shape still
    /// differs.</summary>
    public static Ink Series(int index) => SeriesInks[index % SeriesInks.Length];

    /// <summary>Colour of level <paramref name="index"/> of <paramref name="count"/> ordered levels, the first the darkest.</summary>
    public static Ink Ramp(int index, int count)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(index);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(index, count);
        double place = count == 1 ? 0 : (double)index / (count - 1);
        return RampInks[(int)Math.Round(place * (RampInks.Length - 1), MidpointRounding.AwayFromZero)];
    }
}
