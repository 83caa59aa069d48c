using Goodhart.Testing.Judging;
using Xunit;

namespace Goodhart.Cli.Tests.Judging;

/// <summary>A proxy that is set and forgotten answers in the endpoint's place: the error says so.</summary>
public sealed class ProxyTests : IDisposable
{
    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Theory]
    [InlineData("http://someone:secret@127.0.0.1:1", "", "(through the proxy http://127.0.0.1:1 of HTTP_PROXY")]
    [InlineData("http://127.0.0.1:1", "judge.invalid", null)]
    [InlineData(null, "", null)]
    public async Task The_error_names_the_proxy(string? proxy, string bypass, string? expected)
    {
        CommandRun run = await JudgeAsync("http://judge.invalid:8000/v1", proxy, bypass);
        Assert.Equal(ExitCode.Failed, run.Code);
        Assert.Contains("http://judge.invalid:8000/v1/chat/completions", run.Error, StringComparison.Ordinal);
        Assert.DoesNotContain("secret", run.Error, StringComparison.Ordinal);
        if (expected is null)
        {
            Assert.DoesNotContain("proxy", run.Error, StringComparison.Ordinal);
        }
        else
        {
            Assert.Contains(expected, run.Error, StringComparison.Ordinal);
            Assert.Contains("NO_PROXY=judge.invalid", run.Error, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task What_a_proxy_answers_is_told_as_its()
    {
        await using JudgeServer proxy = new(_ => new JudgeAnswer("<html>Sign in</html>", 403));
        CommandRun run = await JudgeAsync("http://judge.invalid:8000/v1", proxy.BaseUrl.GetLeftPart(UriPartial.Authority), "");
        Assert.Equal(ExitCode.Failed, run.Code);
        Assert.Contains("403 Forbidden: <html>Sign in</html>", run.Error, StringComparison.Ordinal);
        Assert.Contains(
            $"(through the proxy {proxy.BaseUrl.GetLeftPart(UriPartial.Authority)} of HTTP_PROXY", run.Error, StringComparison.Ordinal);
    }

    private Task<CommandRun> JudgeAsync(string url, string? proxy, string bypass) => ProgramRun.Of(
        new Dictionary<string, string?>
        {
            ["HTTP_PROXY"] = proxy,
            ["http_proxy"] = proxy,
            ["ALL_PROXY"] = null,
            ["all_proxy"] = null,
            ["NO_PROXY"] = bypass,
            ["no_proxy"] = bypass,
        },
        "winrate", Responses.Write(folder, "a.jsonl", 1, _ => 1), Responses.Write(folder, "b.jsonl", 1, _ => 2), "--judge", "openai",
        "--judge-model", "m",
        "--base-url", url, "--retries", "0", "--quiet", "--out", folder.Path("out"));
}
