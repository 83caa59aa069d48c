using Xunit;

namespace Goodhart.Cli.Tests.Verbs;

public sealed class ExportVerbTests
{
    [Theory]
    [InlineData("expected --mlflow URL or --jsonl DIR", ".")]
    [InlineData("--mlflow: expected an address such as http://127.0.0.1:5000, found 'localhost:5000'", ".", "--mlflow", "localhost:5000")]
    [InlineData("--mlflow and --jsonl: one of them at a time", ".", "--mlflow", "http://127.0.0.1:1", "--jsonl", "x")]
    [InlineData("--experiment is for --mlflow", ".", "--jsonl", "x", "--experiment", "e")]
    [InlineData("expected the folder of a study", ".", "--jsonl", "x")]
    public async Task Bad_input_is_refused(string message, params string[] args)
    {
        CommandRun run = await CommandRun.Of(["export", .. args]);
        Assert.Equal((ExitCode.BadInput, ""), (run.Code, run.Output));
        Assert.Contains(message, run.Error, StringComparison.Ordinal);
    }
}
