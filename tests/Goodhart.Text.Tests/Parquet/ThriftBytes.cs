using System.Text;

namespace Goodhart.Text.Tests.Parquet;

/// <summary>Writes one struct of Thrift's compact protocol, fields in rising order of their ids.</summary>
internal sealed class ThriftBytes
{
    private readonly List<byte> written = [];
    private int last;

    public ThriftBytes I32(int id, long value) => Field(id, 5).Raw(Varint(Zigzag(value)));

    public ThriftBytes I64(int id, long value) => Field(id, 6).Raw(Varint(Zigzag(value)));

    public ThriftBytes Bool(int id, bool value) => Field(id, value ? 1 : 2);

    public ThriftBytes Text(int id, string value) => Field(id, 8).Raw(Prefixed(value));

    public ThriftBytes Struct(int id, ThriftBytes value) => Field(id, 12).Raw(value.Done());

    public ThriftBytes Structs(int id, params IReadOnlyCollection<ThriftBytes> values) =>
        Field(id, 9).Raw([(byte)0xFC, .. Varint((ulong)values.Count), .. values.SelectMany(value => value.Done())]);

    public ThriftBytes Texts(int id, params IReadOnlyCollection<string> values) =>
        Field(id, 9).Raw([(byte)0xF8, .. Varint((ulong)values.Count), .. values.SelectMany(Prefixed)]);

    public ThriftBytes Raw(IEnumerable<byte> bytes)
    {
        written.AddRange(bytes);
        return this;
    }

    /// <summary>The fields and the stop byte.</summary>
    public byte[] Done() => [.. written, 0];

    public static byte[] Varint(ulong value)
    {
        List<byte> bytes = [];
        for (; value >= 0x80; value >>= 7)
        {
            bytes.Add((byte)(value | 0x80));
        }

        return [.. bytes, (byte)value];
    }

    public static ulong Zigzag(long value) => (ulong)((value << 1) ^ (value >> 63));

    private static byte[] Prefixed(string text)
    {
        byte[] utf8 = Encoding.UTF8.GetBytes(text);
        return [.. Varint((ulong)utf8.Length), .. utf8];
    }

    private ThriftBytes Field(int id, int type)
    {
        written.Add((byte)(((id - last) << 4) | type));
        last = id;
        return this;
    }
}
