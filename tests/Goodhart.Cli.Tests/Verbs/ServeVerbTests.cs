using System.Text.Json.Nodes;
using Goodhart.Pipeline;
using Xunit;

namespace Goodhart.Cli.Tests.Verbs;

public sealed class ServeVerbTests : IDisposable
{
    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public async Task It_serves_until_it_is_told_to_stop_and_writes_nothing()
    {
        string study = StudyDirectory.Claim(Path.Combine(folder.Root, "study"));
        using CancellationTokenSource stop = new();
        using StringWriter error = new();
        using SignallingWriter output = new();
        Task<int> serving = GoodhartCommand.RunAsync(["serve", study, "--port", "0", "--json"], output, error, stop.Token);
        string line = await output.FirstLine.WaitAsync(TimeSpan.FromSeconds(60));
        string url = (string)JsonNode.Parse(line)!["url"]!;
        Assert.Matches("^http://127[.]0[.]0[.]1:[0-9]+/$", url);
        using HttpClient client = new();
        Assert.Equal("empty", (string?)JsonNode.Parse(await client.GetStringAsync(url + "api/study"))!["run"]!["state"]);

        await stop.CancelAsync();
        Assert.Equal((ExitCode.Done, ""), (await serving, error.ToString()));
        Assert.Equal(["goodhart.json"], Directory.GetFileSystemEntries(study).Select(Path.GetFileName));
        await Assert.ThrowsAsync<HttpRequestException>(() => client.GetStringAsync(url));
    }

    [Theory]
    [InlineData("--address: expected an IP address such as 127.0.0.1, 0.0.0.0 or ::1, found 'example.org'.", "--address", "example.org")]
    [InlineData("--port: expected a whole number", "--port", "65536")]
    [InlineData("this machine has no such address", "--address", "203.0.113.7", "--port", "0")]
    public async Task What_nobody_can_listen_at_is_bad_input(string message, params string[] options)
    {
        string study = StudyDirectory.Claim(Path.Combine(folder.Root, "study"));
        CommandRun run = await CommandRun.Of(["serve", study, .. options]);
        Assert.Equal((ExitCode.BadInput, ""), (run.Code, run.Output));
        Assert.Contains(message, run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_folder_that_is_no_studys_is_bad_input()
    {
        CommandRun missing = await CommandRun.Of("serve", folder.Root + "x");
        Assert.Equal(ExitCode.BadInput, missing.Code);
        Assert.Contains("expected the folder of a study", missing.Error, StringComparison.Ordinal);
        CommandRun foreign = await CommandRun.Of("serve", folder.Root);
        Assert.Equal(ExitCode.BadInput, foreign.Code);
    }

    /// <summary>Every other command starts without it, and where it is not installed.</summary>
    [Fact]
    public void The_program_itself_does_not_ask_for_the_web_framework() => Assert.DoesNotContain(
        "AspNetCore", File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "goodhart.runtimeconfig.json")), StringComparison.Ordinal);

    private sealed class SignallingWriter : StringWriter
    {
        private readonly TaskCompletionSource<string> first = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public Task<string> FirstLine => first.Task;

        public override Task FlushAsync(CancellationToken cancellationToken)
        {
            first.TrySetResult(ToString());
            return Task.CompletedTask;
        }
    }
}
