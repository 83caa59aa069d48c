using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;
using Goodhart.Text.Datasets;
using Goodhart.Text.Tests.Tokenizers;
using Xunit;

namespace Goodhart.Text.Tests.Datasets;

/// <summary>Damaged files. GOODHART_MUTATIONS sets how many are tried; the full count is 10,000.</summary>
public sealed partial class FuzzTests : IDisposable
{
    private readonly GoldenData folder = new();

    private static int Count { get; } =
        int.Parse(Environment.GetEnvironmentVariable("GOODHART_MUTATIONS") ?? "400", CultureInfo.InvariantCulture);

    public void Dispose() => folder.Dispose();

    [Theory]
    [InlineData("{\"prompt\":\"p q\",\"chosen\":\"a 1\",\"rejected\":\"b\"}\n{\"prompt\":\"é😀\",\"chosen\":\"\",\"rejected\":null}\n", 1)]
    [InlineData("[{\"prompt\":\"p\",\"chosen\":\"a 1\",\"rejected\":\"b\"},\n{\"prompt\":\"é😀\",\"chosen\":\"\",\"rejected\":null}]\n", 2)]
    [InlineData("prompt,chosen,rejected\np,\"a\",b\n\"é\n😀\",\"\"\"\",\"[{\"\"role\"\":\"\"user\"\",\"\"content\"\":\"\"x\"\"}]\"\n", 3)]
    [InlineData("{\"messages\":[{\"role\":\"user\",\"content\":\"a\"},{\"from\":\"gpt\",\"value\":\"b\"}]}\n{\"messages\":[]}\n", 4)]
    [InlineData("{\"chosen\":\"\\n\\nHuman: a\\n\\nAssistant: b\",\"rejected\":\"\\n\\nHuman: a\\n\\nAssistant: c\"}\n", 5)]
    public void A_damaged_file_works_or_is_refused_with_its_place(string good, int seed)
    {
        SplitMix random = new((ulong)seed);
        int refused = 0;
        for (int i = 0; i < Count; i++)
        {
            byte[] damaged = Mutation.Of(Encoding.UTF8.GetBytes(good), random);
            damaged = i % 8 == 0 ? Mutation.Of(GoldenData.Gzip(damaged), random) : damaged;
            refused += Survives(damaged) ? 0 : 1;
        }

        Assert.InRange(refused, Count / 10, Count - (Count / 100));
    }

    private bool Survives(byte[] damaged)
    {
        try
        {
            Dataset data = Dataset.Open(folder.Write(damaged));
            _ = data.Examples(new SkipTally()).Count();
            return true;
        }
        catch (InvalidDataException refusal)
        {
            // The file, and where in it: a line, row or byte, the columns found, or that the whole of it is something else.
            Assert.Matches(Place(), refusal.Message);
            return false;
        }
    }

    [GeneratedRegex(
        @"^rows\.dat( line \d+| row \d+|: (the file is empty|found columns|no rows|expected JSON lines|nothing but empty lines|"
        + @"the gzip data is damaged after \d+ bytes))")]
    private static partial Regex Place();
}
