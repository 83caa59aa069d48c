using System.Globalization;
using System.Text;

namespace Goodhart.Text.Tests.Tokenizers;

/// <summary>Damage as it happens to JSON files, or as an attacker would do it.</summary>
internal static class Mutation
{
    private static readonly string[] Insertions =
        ["null", "-1", "1e999", "99999999999", "[", "{", "\"", "\\ud800", "\\", "true", ",", "[[[[[[[[[[[[[[[[", " ", "\u0000", "2147483647", "\"\"", "Ġ"];

    public static byte[] Of(byte[] good, SplitMix random)
    {
        byte[] damaged = good;
        for (int times = 1 + random.Next(3); times > 0; times--)
        {
            damaged = Once(damaged, random);
        }

        return damaged;
    }

    private static byte[] Once(byte[] bytes, SplitMix random)
    {
        int from = random.Next(bytes.Length + 1);
        int to = Math.Min(bytes.Length, from + 1 + random.Next(random.Next(4) == 0 ? bytes.Length : 40));
        return random.Next(7) switch
        {
            0 => bytes[..from],
            1 => [.. bytes[..from], .. bytes[to..]],
            2 => [.. bytes[..to], .. bytes[from..]],
            3 => [.. bytes[..from], (byte)random.Next(256), .. bytes[Math.Min(bytes.Length, from + 1)..]],
            4 => [.. bytes[..from], .. Encoding.UTF8.GetBytes(Insertions[random.Next(Insertions.Length)]), .. bytes[from..]],
            5 => OtherNumber(bytes, from, random),
            _ => OtherToken(bytes, from, random),
        };
    }

    /// <summary>The next number of the file replaced by another.</summary>
    private static byte[] OtherNumber(byte[] bytes, int from, SplitMix random)
    {
        int start = from + Math.Max(0, bytes.AsSpan(from).IndexOfAnyInRange((byte)'0', (byte)'9'));
        int length = Math.Max(0, bytes.AsSpan(start).IndexOfAnyExceptInRange((byte)'0', (byte)'9'));
        long other = random.Next(4) == 0 ? random.Next(int.MaxValue) : random.Next(2000) - 3;
        return [.. bytes[..start], .. Encoding.UTF8.GetBytes(other.ToString(CultureInfo.InvariantCulture)), .. bytes[(start + length)..]];
    }

    /// <summary>The next quoted text of the file replaced by another of its texts.</summary>
    private static byte[] OtherToken(byte[] bytes, int from, SplitMix random)
    {
        (int start, int end) = Quoted(bytes, from);
        (int otherStart, int otherEnd) = Quoted(bytes, random.Next(bytes.Length + 1));
        return [.. bytes[..start], .. bytes[otherStart..otherEnd], .. bytes[end..]];
    }

    private static (int Start, int End) Quoted(byte[] bytes, int from)
    {
        int start = bytes.AsSpan(from).IndexOf((byte)'"');
        int length = start < 0 ? -1 : bytes.AsSpan(from + start + 1).IndexOf((byte)'"');
        return length < 0 ? (from, from) : (from + start, from + start + length + 2);
    }
}
