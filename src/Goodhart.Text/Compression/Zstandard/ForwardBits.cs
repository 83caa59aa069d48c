namespace Goodhart.Text.Compression.Zstandard;

/// <summary>Bits from the lowest of the first byte upwards; zeros beyond the end, which <see cref="BytesUsed"/> then shows.</summary>
internal ref struct ForwardBits(ReadOnlySpan<byte> bytes)
{
    private readonly ReadOnlySpan<byte> _bytes = bytes;
    private int _position;

    public readonly int BytesUsed => (_position + 7) / 8;

    public int Read(int count)
    {
        int value = 0;
        for (int i = 0; i < count; i++, _position++)
        {
            int at = _position >> 3;
            int bit = at < _bytes.Length ? (_bytes[at] >> (_position & 7)) & 1 : 0;
            value |= bit << i;
        }

        return value;
    }

    public void Return(int count) => _position -= count;
}
