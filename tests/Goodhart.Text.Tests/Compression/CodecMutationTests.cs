using Goodhart.Text.Compression;
using Goodhart.Text.Tests.Parquet;
using Xunit;

namespace Goodhart.Text.Tests.Compression;

/// <summary>Damaged blocks end in a refusal or in bytes, never in another exception.</summary>
public sealed class CodecMutationTests
{
    [Fact]
    public void Zstd_survives_mutations() => Mutate(
        File.ReadAllBytes(GoldenParquet.PathOf("frames/rows_base.level3.zst")), source => ZstdDecoder.Decode(source, new byte[60_000]));

    [Fact]
    public void A_short_zstd_frame_survives_mutations() => Mutate(
        File.ReadAllBytes(GoldenParquet.PathOf("frames/rows_base.first400.zst")), source => ZstdDecoder.Decode(source, new byte[1000]));

    [Fact]
    public void Snappy_survives_mutations() => Mutate(
        Hex.Bytes("20 08 61 62 63 0A 03 00 15 01 0B 03 00 00 00 F0 01 61 62 12 02 00"),
        source => SnappyDecoder.Decode(source, new byte[100]));

    [Fact]
    public void Lz4_survives_mutations() => Mutate(
        Hex.Bytes("21 61 62 02 00 15 63 01 00 3F 64 65 66 04 00 05 10 67"), source => Lz4BlockDecoder.Decode(source, new byte[100]));

    private static void Mutate(byte[] original, Func<byte[], int> decode)
    {
        Random random = new(20240605);
        int refused = 0;
        for (int i = 0; i < 300; i++)
        {
            byte[] mutant = Mutations.Of(original, random);
            try
            {
                decode(mutant);
            }
            catch (Exception problem) when (problem is InvalidDataException or NotSupportedException)
            {
                Assert.NotEmpty(problem.Message);
                refused++;
            }
        }

        Assert.InRange(refused, 30, 300);
    }
}
