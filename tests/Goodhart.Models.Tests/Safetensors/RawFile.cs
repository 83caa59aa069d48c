using System.Buffers.Binary;
using System.Text;
using Goodhart.Models.Safetensors;
using Xunit;

namespace Goodhart.Models.Tests.Safetensors;

/// <summary>Safetensors files put together by hand, right or wrong.</summary>
internal static class RawFile
{
    public static byte[] Bytes(string header, int dataBytes) => Bytes(Encoding.UTF8.GetBytes(header), dataBytes);

    public static byte[] Bytes(byte[] header, int dataBytes)
    {
        byte[] file = new byte[8 + header.Length + dataBytes];
        BinaryPrimitives.WriteUInt64LittleEndian(file, (ulong)header.Length);
        header.CopyTo(file.AsSpan(8));
        for (int i = 0; i < dataBytes; i++)
        {
            file[8 + header.Length + i] = (byte)(i + 1);
        }

        return file;
    }

    /// <summary>The message with which a file of these bytes is refused.</summary>
    public static string Refusal(byte[] bytes)
    {
        using ScratchFolder scratch = new();
        string path = scratch.PathOf("broken.safetensors");
        File.WriteAllBytes(path, bytes);
        string message = Assert.Throws<InvalidDataException>(() => SafetensorsReader.Open(path).Dispose()).Message;
        Assert.Contains("broken.safetensors", message, StringComparison.Ordinal);
        return message;
    }
}
