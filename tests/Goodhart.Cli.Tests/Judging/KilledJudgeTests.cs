using System.Diagnostics;
using System.Text.Json.Nodes;
using Goodhart.Testing.Judging;
using Xunit;

namespace Goodhart.Cli.Tests.Judging;

/// <summary>The program in a process of its own, killed while it judges.</summary>
public sealed class KilledJudgeTests : IDisposable
{
    private const int Pairs = 300;
    private const int Concurrency = 8;

    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public async Task No_stored_verdict_is_asked_for_again_and_none_is_lost()
    {
        string a = Responses.Write(folder, "a.jsonl", Pairs, i => i % 3 == 0 ? 1 : 9);
        string b = Responses.Write(folder, "b.jsonl", Pairs, _ => 5);
        using ManualResetEventSlim half = new();
        await using JudgeServer server = new(call =>
        {
            if (call.Number == Pairs / 2)
            {
                half.Set();
            }

            return JudgeAnswer.Reply(call, call.ByNumber()) with { Delay = TimeSpan.FromMilliseconds(20) };
        });
        string[] args =
        [
            "winrate", a, b, "--judge", "openai", "--judge-model", "m", "--base-url", server.BaseUrl.AbsoluteUri, "--concurrency", "8", "--json",
            "--quiet", "--out", folder.Path("out"),
        ];
        ProcessStartInfo start = new(
            Environment.GetEnvironmentVariable("DOTNET_HOST_PATH") ?? "dotnet", ["exec", typeof(GoodhartCommand).Assembly.Location, .. args])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        using (Process child = Process.Start(start)!)
        {
            Assert.True(half.Wait(TimeSpan.FromMinutes(2)), "the child did not get half way");
            child.Kill();   // SIGKILL: no handler runs
            await child.WaitForExitAsync();
        }

        string replies = File.ReadAllText(folder.Path("out/replies.jsonl"));
        HashSet<string> stored = [.. replies[..(replies.LastIndexOf('\n') + 1)].Split('\n', StringSplitOptions.RemoveEmptyEntries)
            .Select(line => (string)JsonNode.Parse(line)!["pair"]!)];
        int before = server.Calls.Count;
        Assert.InRange(stored.Count, before - Concurrency - 1, before);
        Assert.True(stored.Count < Pairs);
        File.AppendAllText(folder.Path("out/replies.jsonl"), "{\"key\":\"torn");

        CommandRun run = await CommandRun.Of(args);
        Assert.Equal((ExitCode.Done, ""), (run.Code, run.Error));
        Assert.Equal(Pairs - stored.Count, server.Calls.Count - before);   // asked: exactly what had no stored reply
        Dictionary<string, int> asked = server.Calls.CountBy(call => call.Question).ToDictionary();
        Assert.Equal(Pairs, asked.Count);
        Assert.All(asked.Values, count => Assert.InRange(count, 1, 2));
        Assert.InRange(asked.Values.Count(count => count == 2), 0, Concurrency);   // under way at the kill: their replies never came
        JsonNode rate = JsonNode.Parse(run.Output)!["comparisons"]![0]!["winRate"]!;
        Assert.Equal((Pairs, 200, 100), ((int)rate["pairs"]!, (int)rate["wins"]!, (int)rate["losses"]!));
    }
}
