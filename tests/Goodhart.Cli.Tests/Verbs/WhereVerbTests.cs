using Goodhart.Cli.Paper;
using Xunit;

namespace Goodhart.Cli.Tests.Verbs;

public sealed class WhereVerbTests
{
    [Fact]
    public async Task Prints_the_files_of_an_equation()
    {
        CommandRun run = await CommandRun.Of("where", "eq.", "5");
        Assert.Equal(ExitCode.Done, run.Code);
        Assert.StartsWith("Eq. (5)  ", run.Output, StringComparison.Ordinal);
        Assert.Contains("src/Goodhart.Evaluation/Fits/GaoLaw.cs\n", run.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Says_what_is_not_there_yet() =>
        Assert.Contains($"tests  {PaperMap.NotYet}\n", (await CommandRun.Of("where", "appendix b")).Output, StringComparison.Ordinal);

    [Fact]
    public async Task Json_holds_the_rows() =>
        Assert.Contains("\"place\": \"Figure 18\"", (await CommandRun.Of("where", "fig18", "--json")).Output, StringComparison.Ordinal);

    [Fact]
    public async Task An_unknown_place_is_bad_input()
    {
        CommandRun run = await CommandRun.Of("where", "table", "3");
        Assert.Equal((ExitCode.BadInput, ""), (run.Code, run.Output));
        Assert.Contains("eq. 1 to 12", run.Error, StringComparison.Ordinal);
    }
}
