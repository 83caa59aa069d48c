using System.Buffers.Binary;
using System.Text.RegularExpressions;
using Goodhart.Models.Safetensors;
using Goodhart.Testing;
using Xunit;

namespace Goodhart.Models.Tests.Safetensors;

[Trait("Category", "Fuzz")]
public sealed partial class HeaderFuzzTests
{
    /// <summary>The file has a kilobyte.</summary>
    private const long MaxBytes = 1 << 20;

    /// <summary>Pieces that change meaning more often than a random byte does.</summary>
    private static readonly byte[][] Splices =
    [
        [.. "0"u8], [.. "-1"u8], [.. "9223372036854775807"u8], [.. "1e9"u8], [.. "\""u8], [.. "{"u8], [.. "}"u8], [.. "["u8], [.. "]"u8],
        [.. ","u8], [.. "null"u8], [.. "\\ud800"u8], [.. "BF16"u8], [.. "__metadata__"u8], [0xFF], [0], [.. "[[[[[[[["u8],
    ];

    [Fact]
    public void A_mutated_file_is_read_or_refused_but_never_anything_else()
    {
        byte[] original = File.ReadAllBytes(GoldenFiles.PathOf("safetensors", "all_dtypes.safetensors"));
        using ScratchFolder scratch = new();
        string path = scratch.PathOf("mutated.safetensors");
        Random random = new(20240605);
        int refused = 0;
        for (int i = 0; i < Fuzz.Mutations; i++)
        {
            byte[] damaged = Mutate(original, random);
            File.WriteAllBytes(path, damaged);
            refused += Fuzz.Refuses<InvalidDataException>(i, damaged, MaxBytes, Place(), () => Read(path)) ? 1 : 0;
        }

        // Most must be refused, or the mutations test nothing; a few are harmless (a letter of a name).
        Assert.InRange(refused, Fuzz.Mutations / 2, Fuzz.Mutations - 1);
    }

    [Fact]
    public void Every_truncation_is_refused()
    {
        byte[] original = File.ReadAllBytes(GoldenFiles.PathOf("safetensors", "all_dtypes.safetensors"));
        using ScratchFolder scratch = new();
        string path = scratch.PathOf("cut.safetensors");
        for (int length = 0; length < original.Length; length++)
        {
            File.WriteAllBytes(path, original[..length]);
            Assert.True(
                Fuzz.Refuses<InvalidDataException>(length, original[..length], MaxBytes, Place(), () => Read(path)),
                $"a file cut to {length} of {original.Length} bytes was accepted");
        }
    }

    private static void Read(string path)
    {
        using SafetensorsReader file = SafetensorsReader.Open(path);
        foreach (TensorEntry tensor in file.Tensors)
        {
            file.ReadBytes(tensor.Name, new byte[tensor.Bytes]);
        }
    }

    // A byte of the header, a tensor, or which part of the file is wrong.
    [GeneratedRegex(
        @"\.safetensors: (header byte \d+|the header is not valid JSON: .*LineNumber: \d+|tensor '|expected (at least 8 bytes|a header of at most|"
        + @"the header to begin|\d+ bytes of tensor data after the header))", RegexOptions.Singleline)]
    private static partial Regex Place();

    private static byte[] Mutate(byte[] original, Random random)
    {
        List<byte> bytes = [.. original];
        int header = 8 + (int)BinaryPrimitives.ReadUInt64LittleEndian(original);
        for (int edit = random.Next(1, 4); edit > 0; edit--)
        {
            int at = random.Next(8, Math.Min(header, bytes.Count));
            switch (random.Next(5))
            {
                case 0:
                    bytes[at] = (byte)random.Next(256);
                    break;
                case 1:
                    bytes[random.Next(8)] ^= (byte)(1 << random.Next(8));   // the stated length
                    break;
                case 2:
                    bytes.RemoveRange(at, Math.Min(random.Next(1, 40), bytes.Count - at));
                    break;
                case 3:
                    bytes.InsertRange(at, bytes.Skip(random.Next(8, header)).Take(random.Next(1, 80)).ToArray());
                    break;
                default:
                    bytes.InsertRange(at, Splices[random.Next(Splices.Length)]);
                    break;
            }
        }

        // Half the time the length is made right again, so that the parser sees the damage.
        byte[] mutated = [.. bytes];
        if (random.Next(2) == 0)
        {
            BinaryPrimitives.WriteUInt64LittleEndian(mutated, (ulong)Math.Max(0, header - 8 + mutated.Length - original.Length));
        }

        return mutated;
    }
}
