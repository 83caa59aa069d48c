namespace Goodhart.Engine;

/// <summary>A run of consecutive rows that continues its parent.</summary>
/// <param name="Parent">Index of an earlier segment, or −1 for a root.</param>
public readonly record struct Segment(int Start, int Length, int Parent);

/// <summary>A batch as a forest of segments: a token sees its own segment causally and all its ancestors' tokens.</summary>
/// <remarks>One mechanism gives packing without padding, prompts shared by a pair's responses, and several samples per prompt.
/// Made by <see cref="ForestBuilder"/>.</remarks>
/// <param name="Tokens">Token id of every row.</param>
/// <param name="Positions">Position of every row; continues from the parent's end.</param>
/// <param name="HeadRows">Ascending rows whose hidden state is read; in each segment they are a suffix.</param>
/// <param name="TargetRows">Per target: an index into <paramref name="HeadRows"/>. One row may predict several targets.</param>
/// <param name="TargetTokens">Per target: the token it predicts.</param>
public sealed record SequencePlan(
    IReadOnlyList<Segment> Segments,
    int[] Tokens,
    int[] Positions,
    int[] HeadRows,
    int[] TargetRows,
    int[] TargetTokens)
{
    public int Rows => Tokens.Length;

    public int TargetCount => TargetTokens.Length;

    /// <summary>Row after the last of a segment.</summary>
    public int End(int segment) => Segments[segment].Start + Segments[segment].Length;
}
