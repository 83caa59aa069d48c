namespace Goodhart.Engine.Cpu;

/// <summary>Slots of <see cref="Scratch"/> that products, the head and the sampler use; those marked shared are worker 0's.</summary>
internal static class ScratchSlot
{
    /// <summary>The right factor, packed (shared).</summary>
    public const int Packed = 15;

    /// <summary>A second right factor (shared).</summary>
    public const int PackedSecond = 14;

    /// <summary>The bias, padded to whole panels (shared).</summary>
    public const int Bias = 13;

    /// <summary>The rows of a chunk that fill no tile.</summary>
    public const int GemmRows = 12;

    /// <summary>One tile.</summary>
    public const int GemmTile = 11;

    /// <summary>A block of the layer input, packed, in weight gradients.</summary>
    public const int PackedInput = 10;

    public const int Logits = 9;

    public const int LogitsSecond = 8;

    /// <summary>Running log-sum-exp per row (shared).</summary>
    public const int RowState = 7;

    /// <summary>A second such state (shared).</summary>
    public const int RowStateSecond = 6;

    /// <summary>Which targets belong to which row (shared).</summary>
    public const int Targets = 5;
}
