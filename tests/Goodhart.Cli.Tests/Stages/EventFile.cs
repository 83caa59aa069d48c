using System.Buffers.Binary;
using System.Text;
using Xunit;

namespace Goodhart.Cli.Tests.Stages;

/// <summary>Reads TensorBoard's event files from their definition, with checksums bit by bit: shares nothing with the writer.</summary>
internal static class EventFile
{
    /// <returns>Of each event its step and scalars; the first must be the version.</returns>
    public static List<(long Step, Dictionary<string, float> Scalars)> Read(string path)
    {
        byte[] bytes = File.ReadAllBytes(path);
        List<(long, Dictionary<string, float>)> events = [];
        for (int at = 0, record = 0; at < bytes.Length; record++)
        {
            int length = (int)BinaryPrimitives.ReadUInt64LittleEndian(bytes.AsSpan(at));
            Assert.Equal(BinaryPrimitives.ReadUInt32LittleEndian(bytes.AsSpan(at + 8)), Masked(bytes.AsSpan(at, 8)));
            byte[] data = bytes[(at + 12)..(at + 12 + length)];
            at += 12 + length;
            Assert.Equal(BinaryPrimitives.ReadUInt32LittleEndian(bytes.AsSpan(at)), Masked(data));
            at += 4;
            List<(int Field, byte[] Bytes, ulong Number)> fields = Fields(data);
            Assert.True(BitConverter.UInt64BitsToDouble(fields.Single(field => field.Field == 1).Number) > 1.6e9);
            if (record == 0)
            {
                Assert.Equal("brain.Event:2", Encoding.UTF8.GetString(fields.Single(field => field.Field == 3).Bytes));
                continue;
            }

            Dictionary<string, float> scalars = [];
            foreach ((_, byte[] value, _) in Fields(fields.Single(field => field.Field == 5).Bytes))
            {
                List<(int Field, byte[] Bytes, ulong Number)> entry = Fields(value);
                scalars.Add(Encoding.UTF8.GetString(entry[0].Bytes), BitConverter.UInt32BitsToSingle((uint)entry[1].Number));
            }

            events.Add(((long)fields.Single(field => field.Field == 2).Number, scalars));
        }

        return events;
    }

    public static uint Crc32C(ReadOnlySpan<byte> data)
    {
        uint crc = uint.MaxValue;
        foreach (byte one in data)
        {
            crc ^= one;
            for (int bit = 0; bit < 8; bit++)
            {
                crc = (crc >> 1) ^ (0x82f63b78 & (0 - (crc & 1)));
            }
        }

        return ~crc;
    }

    private static uint Masked(ReadOnlySpan<byte> data)
    {
        uint crc = Crc32C(data);
        return unchecked(((crc >> 15) | (crc << 17)) + 0xa282ead8);
    }

    private static List<(int Field, byte[] Bytes, ulong Number)> Fields(byte[] message)
    {
        List<(int, byte[], ulong)> fields = [];
        int at = 0;
        while (at < message.Length)
        {
            ulong tag = Varint();
            switch (tag & 7)
            {
                case 0:
                    fields.Add(((int)(tag >> 3), [], Varint()));
                    break;
                case 1:
                    fields.Add(((int)(tag >> 3), [], BinaryPrimitives.ReadUInt64LittleEndian(message.AsSpan(at))));
                    at += 8;
                    break;
                case 5:
                    fields.Add(((int)(tag >> 3), [], BinaryPrimitives.ReadUInt32LittleEndian(message.AsSpan(at))));
                    at += 4;
                    break;
                default:
                    int length = (int)Varint();
                    fields.Add(((int)(tag >> 3), message[at..(at + length)], 0));
                    at += length;
                    break;
            }
        }

        return fields;

        ulong Varint()
        {
            ulong value = 0;
            for (int shift = 0; ; shift += 7)
            {
                byte one = message[at++];
                value |= (ulong)(one & 127) << shift;
                if (one < 128)
                {
                    return value;
                }
            }
        }
    }
}
