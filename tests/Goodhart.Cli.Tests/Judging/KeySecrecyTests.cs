using System.Text;
using Goodhart.Testing.Judging;
using Xunit;

namespace Goodhart.Cli.Tests.Judging;

/// <summary>The key goes into requests and nowhere else, even where the server throws it back.</summary>
public sealed class KeySecrecyTests : IDisposable
{
    private const string Key = "sk-very/Secret+0123456789\"abcdef";

    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    public static TheoryData<string, Func<JudgeCall, JudgeAnswer>> Servers => new()
    {
        { "in its replies", call => JudgeAnswer.Reply(call, $"Your key is {Key}.\n{call.ByNumber()}") },
        { "as the model", call => JudgeAnswer.Reply(call, call.ByNumber(), model: Key) },
        { "as the reason", call => JudgeAnswer.Reply(call, call.ByNumber(), finish: Key) },
        { "in an error", _ => new JudgeAnswer("{\"error\":\"wrong key "
            + $"{Key.Replace("\"", "\\\"", StringComparison.Ordinal)} {Key} {Uri.EscapeDataString(Key)}\"}}", 401) },
        { "cut off at the end of an excerpt", _ => new JudgeAnswer(new string('x', 190) + Key, 403) },
        { "in broken JSON", _ => new JudgeAnswer($"{Key} is no JSON") },
        { "in a broken header", call => JudgeAnswer.Reply(call, call.ByNumber()) with { Headers = [$"{Key} {Key}"] } },
        {
            "in a redirect",
            _ => new JudgeAnswer("", 307) { Headers = [$"Location: http://{Uri.EscapeDataString(Key)}@127.0.0.1:1/{Key}"] }
        },
    };

    [Theory]
    [MemberData(nameof(Servers))]
    public async Task It_is_in_no_file_and_no_message(string where, Func<JudgeCall, JudgeAnswer> answer)
    {
        Assert.NotEmpty(where);
        string a = Responses.Write(folder, "a.jsonl", 3, _ => 9);
        string b = Responses.Write(folder, "b.jsonl", 3, _ => 5);
        string secret = folder.Write("key", Key + "\n");
        await using JudgeServer server = new(answer);
        CommandRun run = await CommandRun.Of(
            "winrate", a, b, "--judge", "openai", "--judge-model", "m", "--base-url", server.BaseUrl.AbsoluteUri, "--key-file", secret,
            "--out",
            folder.Path("out"), "--retries", "1", "--verbose", "--retest", "1");
        Assert.NotEmpty(server.Calls);
        Assert.All(server.Calls, call => Assert.Equal($"Bearer {Key}", call.Authorization));
        File.Delete(secret);
        string[] written =
        [
            .. Directory.GetFiles(folder.Root, "*", SearchOption.AllDirectories).Select(file => File.ReadAllText(file, Encoding.UTF8)),
            run.Output, run.Error,
        ];
        Assert.True(written.Length > 5);

        // Any half of it would be too much.
        foreach (string part in new[] { Key[..12], Key[^12..], Uri.EscapeDataString(Key)[..14], "ecret+01234", "ecret\\u002B01234" })
        {
            Assert.All(written, text => Assert.DoesNotContain(part, text, StringComparison.OrdinalIgnoreCase));
        }
    }

    [Theory]
    [InlineData("--key-env", Key)]
    [InlineData("--key-file", Key)]
    [InlineData("--base-url", "https://user:sk-very-Secret@host/v1")]
    [InlineData("--base-url", "https://host/v1?key=sk-very-Secret")]
    public async Task A_key_in_the_wrong_place_is_not_repeated(string option, string value)
    {
        string a = Responses.Write(folder, "a.jsonl", 1, _ => 9);
        CommandRun run = await CommandRun.Of(
            "winrate", a, a, "--judge", "openai", "--judge-model", "m", option, value, "--out", folder.Path("out"), "--verbose");
        Assert.Equal(ExitCode.BadInput, run.Code);
        Assert.DoesNotContain("Secret", run.Output + run.Error, StringComparison.OrdinalIgnoreCase);
    }

    [Fact]
    public async Task OpenAis_key_goes_to_no_other_address_unasked()
    {
        string a = Responses.Write(folder, "a.jsonl", 1, _ => 9);
        string b = Responses.Write(folder, "b.jsonl", 1, _ => 5);
        string? before = Environment.GetEnvironmentVariable("OPENAI_API_KEY");
        Environment.SetEnvironmentVariable("OPENAI_API_KEY", Key);
        try
        {
            await using JudgeServer server = new(call => JudgeAnswer.Reply(call, call.ByNumber()));
            string[] args =
            [
                "winrate", a, b, "--judge", "openai", "--judge-model", "m", "--base-url", server.BaseUrl.AbsoluteUri, "--quiet", "--out",
            ];
            Assert.Equal(ExitCode.Done, (await CommandRun.Of([.. args, folder.Path("none")])).Code);
            Assert.Equal(ExitCode.Done, (await CommandRun.Of([.. args, folder.Path("named"), "--key-env", "OPENAI_API_KEY"])).Code);
            Assert.Equal([null, $"Bearer {Key}"], server.Calls.Select(call => call.Authorization));
        }
        finally
        {
            Environment.SetEnvironmentVariable("OPENAI_API_KEY", before);
        }
    }
}
