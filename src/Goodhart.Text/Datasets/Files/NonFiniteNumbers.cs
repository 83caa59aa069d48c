using System.Buffers;

namespace Goodhart.Text.Datasets.Files;

/// <summary>NaN, Infinity and -Infinity where JSON has a value: Python's json module writes them, and JSON does not know them.</summary>
internal static class NonFiniteNumbers
{
    private static readonly SearchValues<byte> Letters = SearchValues.Create("NaNInfinity"u8);

    /// <summary>Writes a number of the same length over each that stands outside of strings.</summary>
    /// <param name="json">Begins outside of a string.</param>
    /// <param name="places">Receives where each stood, from <paramref name="start"/> on.</param>
    /// <returns>Whether there was any.</returns>
    public static bool Blank(Span<byte> json, long start, ISet<long> places)
    {
        bool any = false;
        bool quoted = false;
        for (int i = 0; i < json.Length; i++)
        {
            if (quoted && json[i] == (byte)'\\')
            {
                i++;
            }
            else if (json[i] == (byte)'"')
            {
                quoted = !quoted;
            }
            else if (!quoted && Length(json[i..]) is > 0 and int length)
            {
                json[i] = (byte)'0';
                json.Slice(i + 1, length - 1).Fill((byte)' ');
                places.Add(start + i);
                any = true;
                i += length - 1;
            }
        }

        return any;
    }

    /// <summary>Whether the text breaks off where one of them may have begun.</summary>
    public static bool MayGoOn(ReadOnlySpan<byte> json) =>
        json[Math.Max(0, json.Length - "-Infinity".Length)..].LastIndexOfAny(Letters) >= 0 || json.EndsWith("-"u8);

    private static int Length(ReadOnlySpan<byte> json) => json.StartsWith("NaN"u8) ? 3
        : json.StartsWith("Infinity"u8) ? 8 : json.StartsWith("-Infinity"u8) ? 9 : 0;
}
