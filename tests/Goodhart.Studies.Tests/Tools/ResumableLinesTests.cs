using System.Text.Json.Nodes;
using Goodhart.Studies.Tools;
using Xunit;

namespace Goodhart.Studies.Tests.Tools;

public sealed class ResumableLinesTests : IDisposable
{
    private readonly string folder = Directory.CreateTempSubdirectory("goodhart-lines").FullName;

    private string Output => Path.Combine(folder, "out.jsonl");

    public void Dispose() => Directory.Delete(folder, recursive: true);

    [Fact]
    public void Appears_under_its_name_when_whole()
    {
        using ResumableLines lines = Open();
        lines.Append(["a", "b"]);
        Assert.False(File.Exists(Output));
        lines.Complete();
        Assert.Equal("a\nb\n", File.ReadAllText(Output));
    }

    [Fact]
    public void Continues_after_the_last_whole_item()
    {
        using (ResumableLines first = Open())
        {
            first.Append(["a", "b", "c", "d", "e"]);   // items of two lines: "e" is half of one
        }

        File.AppendAllText(Output + ".partial", "cut o");
        using ResumableLines second = Open();
        Assert.Equal(2, second.Done);
        Assert.Equal(["a", "b", "c", "d"], second.Earlier());
        second.Append(["e", "f"]);
        second.Complete();
        Assert.Equal("a\nb\nc\nd\ne\nf\n", File.ReadAllText(Output));
    }

    [Fact]
    public void A_whole_file_is_all_done()
    {
        using (ResumableLines first = Open())
        {
            first.Append(["a", "b"]);
            first.Complete();
        }

        using ResumableLines second = Open();
        second.Complete();
        Assert.Equal(1, second.Done);
        Assert.Equal(["a", "b"], second.Earlier());
        Assert.Equal("a\nb\n", File.ReadAllText(Output));
    }

    [Fact]
    public void Another_run_is_named_and_refused()
    {
        Open().Dispose();
        InvalidDataException refusal = Assert.Throws<InvalidDataException>(() => Open(seed: 2));
        Assert.Contains("options.seed changed (options.seed: expected 2, found 1)", refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_foreign_file_is_left_alone()
    {
        File.WriteAllText(Output, "mine");
        Assert.Contains("there already", Assert.Throws<InvalidDataException>(() => Open()).Message, StringComparison.Ordinal);
        Assert.Equal("mine", File.ReadAllText(Output));
    }

    private ResumableLines Open(int seed = 1) => ResumableLines.Open(
        Output, new JsonObject { ["command"] = "test", ["options"] = new JsonObject { ["seed"] = seed } }, linesPerItem: 2);
}
