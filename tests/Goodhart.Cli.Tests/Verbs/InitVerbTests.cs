using Xunit;

namespace Goodhart.Cli.Tests.Verbs;

public sealed class InitVerbTests : IDisposable
{
    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Theory]
    [InlineData("48", "4", null)]   // heads of 12 dimensions, of which a quarter would be odd
    [InlineData("40", "4", null)]
    [InlineData(
        "12", "4",
        "--hidden-size 12 with --heads 4: expected a width that the heads divide into a multiple of 2 dimensions each, found 3")]
    [InlineData(
        "50", "4",
        "--hidden-size 50 with --heads 4: expected a width that the heads divide into a multiple of 2 dimensions each, found 12.5")]
    public async Task Any_width_that_the_heads_divide_evenly_is_taken(string width, string heads, string? refusal)
    {
        SmallModels.World(folder, "words");
        CommandRun run = await CommandRun.Of(
            "init", "--out", folder.Path("new"), "--tokenizer", folder.Path("words"), "--hidden-size", width, "--layers", "1", "--heads",
            heads);
        Assert.Equal(refusal is null ? ExitCode.Done : ExitCode.BadInput, run.Code);
        Assert.Contains(refusal ?? "", run.Error, StringComparison.Ordinal);
        Assert.Equal(refusal is null, Directory.Exists(folder.Path("new")));
    }
}
