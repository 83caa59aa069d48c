using System.Text;
using Xunit;

namespace Goodhart.Pipeline.Tests;

public sealed class LineFileTests : TemporaryFolder
{
    private string File => Path.Combine(Folder, "lines");

    [Fact]
    public void Lines_come_back_in_order()
    {
        using (LineFile file = LineFile.Open(File))
        {
            Assert.Equal(0, file.Count);
            file.Append("one ä", "");
            file.Append("three \"x\"\t");
        }

        using LineFile again = LineFile.Open(File);
        Assert.Equal(3, again.Count);
        Assert.Equal(["one ä", "", "three \"x\"\t"], again.Earlier());
        again.Append("four");
        Assert.Equal(["one ä", "", "three \"x\"\t"], again.Earlier());   // what an earlier run has left, and no more
        again.Append("five");
        again.Dispose();
        Assert.Equal("one ä\n\nthree \"x\"\t\nfour\nfive\n", System.IO.File.ReadAllText(File));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void Wherever_it_was_cut_whole_items_stay(int linesPerItem)
    {
        byte[] whole = Encoding.UTF8.GetBytes("a\nbä\nc\nd\nee\nf\n");
        for (int cut = 0; cut <= whole.Length; cut++)
        {
            System.IO.File.WriteAllBytes(File, whole[..cut]);
            int lines = whole[..cut].Count(letter => letter == '\n') / linesPerItem * linesPerItem;
            using (LineFile file = LineFile.Open(File, linesPerItem))
            {
                Assert.Equal(lines, file.Count);
                Assert.Equal(new[] { "a", "bä", "c", "d", "ee", "f" }.Take(lines), file.Earlier());
                file.Append([.. new[] { "a", "bä", "c", "d", "ee", "f" }.Skip(lines)]);
            }

            Assert.Equal(whole, System.IO.File.ReadAllBytes(File));
        }
    }

    [Fact]
    public void One_run_at_a_time()
    {
        using LineFile file = LineFile.Open(File);
        Assert.Contains("another run", Assert.Throws<InvalidDataException>(() => LineFile.Open(File)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_stream_keeps_nothing()
    {
        using StringWriter writer = new() { NewLine = "\n" };
        StreamedLines lines = new(writer);
        lines.Append("a", "b");
        Assert.Equal((0, "a\nb\n"), (lines.Count, writer.ToString()));
        Assert.Empty(lines.Earlier());
    }

    /// <summary>The step is stopped at every item, and its file cut at a place of the seed's on top.</summary>
    [Fact]
    public async Task A_stopped_step_goes_on_after_its_last_whole_item_and_ends_with_the_same_bytes()
    {
        WriteLines whole = new() { Items = 12 };
        await new Runner(Path.Combine(Folder, "calm")).RunAsync(whole, None);
        byte[] expected = System.IO.File.ReadAllBytes(LinesOf("calm", whole));
        Random random = new(1);
        for (int round = 0; round < 20; round++)
        {
            string folder = Path.Combine(Folder, $"stopped-{round}");
            Runner runner = new(folder);
            while (runner.RecordOf(whole) is null)
            {
                try
                {
                    await runner.RunAsync(whole with { StopAfter = random.Next(1, 5) }, None);
                }
                catch (StepFailedException stopped)
                {
                    Assert.Contains("stopped", stopped.Message, StringComparison.Ordinal);
                    using FileStream file = System.IO.File.OpenWrite(
                        Path.Combine(runner.DirectoryOf(whole) + ".lines", WriteLines.FileName));
                    file.SetLength(Math.Max(0, file.Length - random.Next(0, 12)));
                }
            }

            Assert.Equal(expected, System.IO.File.ReadAllBytes(LinesOf($"stopped-{round}", whole)));
            Assert.Empty(Directory.GetDirectories(Path.Combine(folder, "steps"), "*.lines"));
        }
    }

    [Fact]
    public async Task Lines_that_a_kill_left_beside_their_stored_step_are_removed()
    {
        WriteLines step = new() { Items = 2 };
        Runner runner = NewRunner();
        await runner.RunAsync(step, None);
        Directory.CreateDirectory(runner.DirectoryOf(step) + ".lines");
        await runner.RunAsync(new Constant(1), None);
        Assert.Equal(2, Stored().Length);
    }

    private string LinesOf(string folder, WriteLines step) =>
        Path.Combine(new Runner(Path.Combine(Folder, folder)).DirectoryOf(step), WriteLines.FileName);
}
