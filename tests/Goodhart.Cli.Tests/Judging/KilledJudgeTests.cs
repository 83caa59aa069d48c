using System.Diagnostics;
using System.Text.Json.Nodes;
using Goodhart.Testing.Judging;
using Xunit;

namespace Goodhart.Cli.Tests.Judging;

/// <summary>The program in a process of its own, killed or asked to stop while it judges.</summary>
public sealed class KilledJudgeTests : IDisposable
{
    private const int Pairs = 300;
    private const int Concurrency = 8;

    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public async Task No_stored_verdict_is_asked_for_again_and_none_is_lost()
    {
        using ManualResetEventSlim half = new();
        await using JudgeServer server = Server(half);
        string[] args = Arguments(server);
        using (Process child = Start(args))
        {
            Assert.True(half.Wait(TimeSpan.FromMinutes(2)), "the child did not get half way");
            child.Kill();   // SIGKILL: no handler runs
            await child.WaitForExitAsync();
        }

        int stored = Stored().Count;
        int before = server.Calls.Count;
        Assert.InRange(stored, before - Concurrency - 1, before);
        Assert.True(stored < Pairs);
        File.AppendAllText(folder.Path("out/replies.jsonl"), "{\"key\":\"torn");

        await MustFinishAsync(args);
        Assert.Equal(Pairs - stored, server.Calls.Count - before);   // asked: exactly what had no stored reply
        Dictionary<string, int> asked = server.Calls.CountBy(call => call.Question).ToDictionary();
        Assert.Equal(Pairs, asked.Count);
        Assert.All(asked.Values, count => Assert.InRange(count, 1, 2));
        Assert.InRange(asked.Values.Count(count => count == 2), 0, Concurrency);   // under way at the kill: their replies never came
    }

    [Theory]
    [InlineData("TERM")]
    [InlineData("INT")]
    public async Task A_run_that_is_asked_to_stop_pays_for_nothing_twice(string signal)
    {
        using ManualResetEventSlim half = new();
        await using JudgeServer server = Server(half);
        string[] args = Arguments(server);
        using (Process child = Start(args))
        {
            Assert.True(half.Wait(TimeSpan.FromMinutes(2)), "the child did not get half way");
            using Process kill = Process.Start("sh", ["-c", FormattableString.Invariant($"kill -{signal} {child.Id}")]);
            Assert.True(child.WaitForExit(TimeSpan.FromMinutes(1)), "the child does not end");
            Assert.Equal(ExitCode.Interrupted, child.ExitCode);
        }

        // What was under way has been waited for: every question that reached the server is answered and stored.
        Assert.InRange(server.Calls.Count, Pairs / 2, Pairs - 1);
        Assert.Equal(server.Calls.Count, Stored().Count);
        await MustFinishAsync(args);
        Assert.Equal(Pairs, server.Calls.Count);
        Assert.Equal(Pairs, server.Calls.DistinctBy(call => call.Question).Count());
    }

    private static JudgeServer Server(ManualResetEventSlim half) => new(call =>
    {
        if (call.Number == Pairs / 2)
        {
            half.Set();
        }

        return JudgeAnswer.Reply(call, call.ByNumber()) with { Delay = TimeSpan.FromMilliseconds(20) };
    });

    private string[] Arguments(JudgeServer server) =>
    [
        "winrate", Responses.Write(folder, "a.jsonl", Pairs, i => i % 3 == 0 ? 1 : 9), Responses.Write(folder, "b.jsonl", Pairs, _ => 5),
        "--judge", "openai",
        "--judge-model", "m", "--base-url", server.BaseUrl.AbsoluteUri, "--concurrency", "8", "--json", "--quiet", "--out",
        folder.Path("out"),
    ];

    /// <summary>
    /// A process that hears SIGINT even where the tests run in the background of a shell, which hands on that it is ignored.
    /// </summary>
    private static Process Start(string[] args)
    {
        string dotnet = Environment.GetEnvironmentVariable("DOTNET_HOST_PATH") ?? "dotnet";
        string[] program = ["exec", typeof(GoodhartCommand).Assembly.Location, .. args];
        (string file, string[] arguments) = OperatingSystem.IsLinux()
            ? ("env", ["--default-signal=INT", dotnet, .. program])
            : (dotnet, program);
        return Process.Start(new ProcessStartInfo(file, arguments) { RedirectStandardOutput = true, RedirectStandardError = true })!;
    }

    /// <summary>Pairs that have a whole stored reply.</summary>
    private HashSet<string> Stored()
    {
        string replies = File.ReadAllText(folder.Path("out/replies.jsonl"));
        return
        [
            .. replies[..(replies.LastIndexOf('\n') + 1)].Split('\n', StringSplitOptions.RemoveEmptyEntries)
                .Select(line => (string)JsonNode.Parse(line)!["pair"]!),
        ];
    }

    private static async Task MustFinishAsync(string[] args)
    {
        CommandRun run = await CommandRun.Of(args);
        Assert.Equal((ExitCode.Done, ""), (run.Code, run.Error));
        JsonNode rate = JsonNode.Parse(run.Output)!["comparisons"]![0]!["winRate"]!;
        Assert.Equal((Pairs, 200, 100), ((int)rate["pairs"]!, (int)rate["wins"]!, (int)rate["losses"]!));
    }
}
