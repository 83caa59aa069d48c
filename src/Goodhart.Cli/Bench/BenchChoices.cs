namespace Goodhart.Cli.Bench;

/// <summary>How long texts are.</summary>
internal enum BenchLengths
{
    /// <summary>As the shape says.</summary>
    Own,

    /// <summary>As posts of Reddit and their summaries.</summary>
    Tldr,
}

/// <summary>What seconds are of.</summary>
internal enum BenchTime
{
    /// <summary>The wall.</summary>
    Wall,

    /// <summary>The process.</summary>
    Cpu,
}
