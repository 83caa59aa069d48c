using System.Buffers.Binary;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Goodhart.Text.Datasets.Conversations;

namespace Goodhart.Text.Datasets;

/// <summary>
/// Splits by prompt: where a row goes depends on the seed and the hash of its prompt's first turn alone, so no prompt is in two splits, nor
/// the beginning of one, whatever else the file holds, and a row stays where it is when the file grows.
/// </summary>
public sealed class PromptSplit
{
    private readonly double[] ends;

    /// <param name="fractions">Name and share of each split, in order; they sum to 1.</param>
    /// <exception cref="ArgumentException">Shares that do not sum to 1, or names given twice.</exception>
    public PromptSplit(IReadOnlyList<(string Name, double Fraction)> fractions, ulong seed)
    {
        Seed = seed;
        Names = [.. fractions.Select(part => part.Name)];
        Fractions = [.. fractions.Select(part => part.Fraction)];
        double sum = 0;
        ends = [.. fractions.Select(part => sum += part.Fraction)];
        if (fractions.Any(part => !(part.Fraction > 0))
            || Math.Abs(sum - 1) > 1e-9 || Names.Distinct(StringComparer.Ordinal).Count() != Names.Count)
        {
            throw new ArgumentException(
                "fractions: expected different names with positive shares that sum to 1, such as train=0.9,valid=0.1; found "
                + string.Join(',', fractions.Select(part => FormattableString.Invariant($"{part.Name}={part.Fraction}"))) + ".");
        }
    }

    public IReadOnlyList<string> Names { get; }

    /// <summary>Share of the prompts of each, expected over seeds.</summary>
    public IReadOnlyList<double> Fractions { get; }

    public ulong Seed { get; }

    /// <param name="text"><c>train=0.9,valid=0.1</c>; names of letters, digits, - and _.</param>
    /// <exception cref="ArgumentException">Not of that form.</exception>
    public static PromptSplit Parse(string text, ulong seed) =>
        new([.. text.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries).Select(ParsePart)], seed);

    /// <summary>Place of the split that a prompt belongs to.</summary>
    public int Of(string prompt)
    {
        byte[] text = Encoding.UTF8.GetBytes(DialogueTurns.Opening(prompt));
        byte[] salted = new byte[sizeof(ulong) + text.Length];
        BinaryPrimitives.WriteUInt64LittleEndian(salted, Seed);
        text.CopyTo(salted, sizeof(ulong));
        double place = (BinaryPrimitives.ReadUInt64BigEndian(SHA256.HashData(salted)) >> 11) * Math.Pow(2, -53);
        int split = Array.FindIndex(ends, end => place < end);

        // Shares that sum to a hair below 1 leave the top of the range to the last.
        return split < 0 ? ends.Length - 1 : split;
    }

    private static (string, double) ParsePart(string part)
    {
        string[] sides = part.Split('=', StringSplitOptions.TrimEntries);
        return sides.Length == 2 && sides[0].Length > 0 && sides[0].All(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_')
            && double.TryParse(sides[1], NumberStyles.Float, CultureInfo.InvariantCulture, out double fraction)
            ? (sides[0], fraction)
            : throw new ArgumentException(
                $"fractions: expected name=share with a name of letters, digits, - or _, found '{part}'; for example train=0.9,valid=0.1.");
    }
}
