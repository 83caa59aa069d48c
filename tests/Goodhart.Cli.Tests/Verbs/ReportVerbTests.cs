using Xunit;

namespace Goodhart.Cli.Tests.Verbs;

public sealed class ReportVerbTests : IDisposable
{
    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public async Task A_folder_without_results_is_bad_input()
    {
        CommandRun run = await CommandRun.Of("report", folder.Root);
        Assert.Equal((ExitCode.BadInput, ""), (run.Code, run.Output));
        Assert.Contains("no results.json in", run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_folder_of_somebody_else_is_not_written_to()
    {
        string results = folder.Write("results.json", "{}");
        CommandRun run = await CommandRun.Of("report", folder.Root);
        Assert.Equal(ExitCode.BadInput, run.Code);
        Assert.Equal([results], Directory.GetFileSystemEntries(folder.Root));
    }

    [Fact]
    public async Task Results_of_another_schema_are_refused_by_name()
    {
        folder.Write("results.json", "{\"schemaVersion\": 99}");
        folder.Write("goodhart.json", "{\"schema\":1}");
        CommandRun run = await CommandRun.Of("report", folder.Root);
        Assert.Equal(ExitCode.BadInput, run.Code);
        Assert.Contains("found 99", run.Error, StringComparison.Ordinal);
    }
}
