using System.Text;
using System.Text.RegularExpressions;
using Goodhart.Testing;
using Goodhart.Text.Datasets;
using Goodhart.Text.Tests.Tokenizers;
using Xunit;

namespace Goodhart.Text.Tests.Datasets;

/// <summary>Damaged files of text rows.</summary>
[Trait("Category", "Fuzz")]
public sealed partial class FuzzTests : IDisposable
{
    /// <summary>A small file claims no more, whatever is in it: its buffers, and for a gzip file what it can unpack to.</summary>
    private const long MaxBytes = 64 << 20;

    private readonly GoldenData folder = new();

    public void Dispose() => folder.Dispose();

    /// <param name="of">The format's mutations are shared by so many shapes.</param>
    [Theory]
    [InlineData("{\"prompt\":\"p q\",\"chosen\":\"a "
        + "1\",\"rejected\":\"b\"}\n{\"prompt\":\"é😀\",\"chosen\":\"\",\"rejected\":null}\n", 1, 3)]
    [InlineData("[{\"prompt\":\"p\",\"chosen\":\"a "
        + "1\",\"rejected\":\"b\"},\n{\"prompt\":\"é😀\",\"chosen\":\"\",\"rejected\":null}]\n", 2, 1)]
    [InlineData("prompt,chosen,rejected\np,\"a\",b\n\"é\n😀\",\"\"\"\",\"[{\"\"role\"\":\"\"user\"\",\"\"content\"\":\"\"x\"\"}]\"\n", 3, 1)]
    [InlineData("{\"messages\":[{\"role\":\"user\",\"content\":\"a\"},{\"from\":\"gpt\",\"value\":\"b\"}]}\n{\"messages\":[]}\n", 4, 3)]
    [InlineData("{\"chosen\":\"\\n\\nHuman: a\\n\\nAssistant: b\",\"rejected\":\"\\n\\nHuman: a\\n\\nAssistant: c\"}\n", 5, 3)]
    public void A_damaged_file_works_or_is_refused_with_its_place(string good, int seed, int of)
    {
        SplitMix random = new((ulong)seed);
        int count = (Fuzz.Mutations + of - 1) / of;
        int refused = 0;
        for (int i = 0; i < count; i++)
        {
            byte[] damaged = Mutation.Of(Encoding.UTF8.GetBytes(good), random);
            damaged = i % 8 == 0 ? Mutation.Of(GoldenData.Gzip(damaged), random) : damaged;
            string path = folder.Write(damaged);
            refused += Fuzz.Refuses<InvalidDataException>(
                i, damaged, MaxBytes, Place(), () => Assert.InRange(
                    Dataset.Open(path).Examples(new SkipTally()).Count(), 0, int.MaxValue)) ? 1 : 0;
        }

        Assert.InRange(refused, count / 10, count - (count / 100));
    }

    // The file, and where in it: a line, row or byte, the columns found, or that the whole of it is something else.
    [GeneratedRegex(
        @"^rows\.dat( line \d+| row \d+|: (the file is empty|found columns|no rows|expected JSON lines|nothing but empty lines|"
        + @"the gzip data is damaged after \d+ bytes))")]
    private static partial Regex Place();
}
