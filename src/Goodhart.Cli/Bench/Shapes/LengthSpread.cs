namespace Goodhart.Cli.Bench.Shapes;

/// <summary>How long texts are, in tokens.</summary>
internal abstract record LengthSpread
{
    /// <summary>What texts of this kind are long on average: as long as a sampled response is.</summary>
    public abstract int Typical { get; }

    /// <summary>No text is longer.</summary>
    public abstract int Longest { get; }

    public abstract int Draw(LengthDraws draws);
}

/// <summary>All of one length.</summary>
internal sealed record FixedLength(int Length) : LengthSpread
{
    public override int Typical => Length;

    public override int Longest => Length;

    public override int Draw(LengthDraws draws) => Length;
}

/// <summary>Every length between the two is as likely.</summary>
internal sealed record UniformLength(int Least, int Most) : LengthSpread
{
    public override int Typical => (Least + Most) / 2;

    public override int Longest => Most;

    public override int Draw(LengthDraws draws) => Least + (int)(draws.Uniform() * (Most - Least + 1));
}

/// <summary>Normal, rounded and clipped.</summary>
internal sealed record NormalLength(int Mean, int Deviation, int Least, int Most) : LengthSpread
{
    public override int Typical => Mean;

    public override int Longest => Most;

    public override int Draw(LengthDraws draws) =>
        (int)Math.Clamp(Math.Floor(Mean + (Deviation * draws.Normal()) + 0.5), Least, Most);
}
