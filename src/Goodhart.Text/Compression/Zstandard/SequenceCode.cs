namespace Goodhart.Text.Compression.Zstandard;

/// <summary>One of the three codes of a sequence: its value = base + extra bits, its default distribution (RFC 8878, section 3.1.1.3.2).</summary>
internal sealed class SequenceCode
{
    public static readonly SequenceCode LiteralLength = new(
        "literal length",
        maxAccuracyLog: 9,
        defaultAccuracyLog: 6,
        [4, 3, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 1, 1, 1, 2, 2, 2, 2, 2, 2, 2, 2, 2, 3, 2, 1, 1, 1, 1, 1, -1, -1, -1, -1],
        first: 0,
        [.. Repeat(0, 16), 1, 1, 1, 1, 2, 2, 3, 3, 4, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16]);

    public static readonly SequenceCode MatchLength = new(
        "match length",
        maxAccuracyLog: 9,
        defaultAccuracyLog: 6,
        [1, 4, 3, 2, 2, 2, 2, 2, 2, .. Repeat(1, 37).Select(one => (short)one), -1, -1, -1, -1, -1, -1, -1],
        first: 3,
        [.. Repeat(0, 32), 1, 1, 1, 1, 2, 2, 3, 3, 4, 4, 5, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16]);

    public static readonly SequenceCode Offset = new(
        "offset",
        maxAccuracyLog: 8,
        defaultAccuracyLog: 5,
        [1, 1, 1, 1, 1, 1, 2, 2, 2, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, -1, -1, -1, -1, -1],
        first: 1,
        [.. Enumerable.Range(0, 32)]);

    private readonly uint[] _bases;
    private readonly int[] _extra;

    private SequenceCode(string name, int maxAccuracyLog, int defaultAccuracyLog, short[] defaultCounts, uint first, int[] extra)
    {
        Name = name;
        MaxAccuracyLog = maxAccuracyLog;
        Default = new(defaultCounts, defaultAccuracyLog);
        _extra = extra;
        _bases = new uint[extra.Length];
        uint at = first;
        for (int code = 0; code < extra.Length; code++)
        {
            _bases[code] = at;
            at += 1u << extra[code];
        }
    }

    public string Name { get; }

    public int MaxAccuracyLog { get; }

    public int MaxSymbol => _extra.Length - 1;

    public FseTable Default { get; }

    public uint Value(byte code, ref BackwardBits bits) => _bases[code] + bits.Read(_extra[code]);

    private static IEnumerable<int> Repeat(int value, int times) => Enumerable.Repeat(value, times);
}
