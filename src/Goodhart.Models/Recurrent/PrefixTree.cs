using Goodhart.Engine;

namespace Goodhart.Models.Recurrent;

/// <summary>Every prefix of every sequence of one length over a small vocabulary, level by level:
/// the tables with which a policy is evaluated on all of them at once.</summary>
/// <remarks>Prefixes of a level are in the order of their tokens read as a number in base branching; so are the sequences.</remarks>
public sealed class PrefixTree : IDisposable
{
    private readonly IArena arena;

    public PrefixTree(IDevice device, int branching, int depth)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(branching, 2);
        ArgumentOutOfRangeException.ThrowIfLessThan(depth, 1);
        (Branching, Depth) = (branching, depth);
        arena = device.CreateArena("prefix tree", 1 << 12);
        List<PrefixLevel> levels = [];
        for (int level = 0, rows = 1; level < depth; level++, rows = checked(rows * branching))
        {
            int[] all = [.. Enumerable.Range(0, rows)];
            int[] next = [.. Enumerable.Range(0, checked(rows * branching))];
            levels.Add(new PrefixLevel(
                device.UploadI32(arena, [.. all.Select(row => row / branching)]),

                // The empty prefix has no last token: it reads the begin-of-sequence row, which comes after the tokens.
                device.UploadI32(arena, level == 0 ? [branching] : [.. all.Select(row => row % branching)]),
                device.UploadI32(arena, [.. next.Select(row => row / branching)]),
                device.UploadI32(arena, [.. next.Select(row => row % branching)])));
            Sequences = next.Length;
        }

        Levels = levels;
    }

    public int Branching { get; }

    public int Depth { get; }

    /// <summary>branching^depth.</summary>
    public int Sequences { get; }

    public IReadOnlyList<PrefixLevel> Levels { get; }

    public void Dispose() => arena.Dispose();
}

/// <summary>The prefixes of one length, as [n, 1] I32 tables.</summary>
/// <param name="Parents">Row of the prefix without its last token, in the level before.</param>
/// <param name="Tokens">Last token.</param>
/// <param name="TargetRows">For each continuation by one token, [n·branching, 1]: the prefix.</param>
/// <param name="TargetTokens">... and the token.</param>
public sealed record PrefixLevel(Mat Parents, Mat Tokens, Mat TargetRows, Mat TargetTokens);
