using System.Collections.Concurrent;
using System.Text.Json;
using System.Text.Json.Nodes;
using Goodhart.Testing.Judging;
using Xunit;

namespace Goodhart.Cli.Tests.Judging;

public sealed class WinRateVerbTests : IDisposable
{
    private readonly TemporaryFolder folder = new();
    private readonly string a;
    private readonly string b;

    public WinRateVerbTests()
    {
        a = Responses.Write(folder, "a.jsonl", 20, i => i % 4 == 0 ? 1 : 9);
        b = Responses.Write(folder, "b.jsonl", 22, i => i == 3 ? 9 : 5);
    }

    public void Dispose() => folder.Dispose();

    [Fact]
    public async Task Judges_reports_and_asks_nothing_when_run_again()
    {
        await using JudgeServer server = new(call => JudgeAnswer.Reply(call, call.Prompt == "post 7" ? "no idea" : call.ByNumber()));
        string[] args = ["winrate", a, b, .. Endpoint(server), "--out", folder.Path("out"), "--json", "--quiet", "--retest", "5"];
        CommandRun run = await CommandRun.Of(args);
        Assert.Equal((ExitCode.Done, ""), (run.Code, run.Error));
        JsonNode rate = JsonNode.Parse(run.Output)!["comparisons"]![0]!["winRate"]!;
        // 20 prompts: 5 losses, one text the same, one unreadable, 13 wins.
        Assert.Equal(
            (13, 1, 5, 1, 1),
            ((int)rate["wins"]!, (int)rate["ties"]!, (int)rate["losses"]!, (int)rate["identical"]!, (int)rate["unparsable"]!));
        Assert.Equal(13.5 / 19, (double)rate["rate"]!, 12);
        Assert.Equal(2, (int)JsonNode.Parse(run.Output)!["comparisons"]![0]!["promptsOnlyInB"]!);
        Assert.Equal(1.0, (double)JsonNode.Parse(run.Output)!["retest"]!["share"]!);
        Assert.Equal(19 + 5, server.Calls.Count);
        Assert.Equal(
            [".lock", "events.jsonl", "goodhart.json", "replies.jsonl", "run.json", "verdicts.jsonl", "winrate.json"],
            Directory.GetFiles(folder.Path("out")).Select(Path.GetFileName).Order(StringComparer.Ordinal));
        Assert.Contains("no idea", File.ReadAllText(folder.Path("out/replies.jsonl")), StringComparison.Ordinal);

        CommandRun again = await CommandRun.Of(args);
        Assert.Equal((ExitCode.Done, run.Output), (again.Code, again.Output));
        Assert.Equal(24, server.Calls.Count);
        CommandRun text = await CommandRun.Of([.. args[..^4]]);
        Assert.Contains(
            "24 answered before, 0 calls to make",
            (await CommandRun.Of([.. args[..^4], "--retest", "5", "--judge-plan"])).Output,
            StringComparison.Ordinal);
        Assert.Contains("1 reply could not be read", text.Output, StringComparison.Ordinal);
        Assert.Contains("0.711", text.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Two_policies_against_a_third_and_two_judges_against_each_other()
    {
        await using JudgeServer server = new(call => JudgeAnswer.Reply(call, call.ByNumber()));
        string data = Responses.Write(folder, "data.jsonl", 20, _ => 4);
        CommandRun run = await CommandRun.Of(
            [
                "winrate", a, b, "--against", data, .. Endpoint(server), "--limit", "12", "--orders", "both", "--out", folder.Path("third"),
                "--json", "--quiet",
            ]);
        Assert.Equal((ExitCode.Done, ""), (run.Code, run.Error));
        JsonNode result = JsonNode.Parse(run.Output)!;
        Assert.Equal(2, result["comparisons"]!.AsArray().Count);
        Assert.Equal((12, 1.0), ((int)result["difference"]!["prompts"]!, (double)result["comparisons"]![1]!["winRate"]!["rate"]!));
        Assert.Equal(0.0, (double)result["comparisons"]![0]!["winRate"]!["position"]!["inconsistent"]!);
        Assert.Equal(48, server.Calls.Count);

        await using JudgeServer contrary = new(
            call => JudgeAnswer.Reply(call, call.ByNumber().EndsWith('1') ? call.Verdict("2") : call.Verdict("1")));
        Assert.Equal(
            ExitCode.Done, (await CommandRun.Of(["winrate", a, b, .. Endpoint(server), "--out", folder.Path("one"), "--quiet"])).Code);
        run = await CommandRun.Of(
            ["winrate", a, b, .. Endpoint(contrary), "--out", folder.Path("two"), "--agree-with", folder.Path("one"), "--json", "--quiet"]);
        Assert.Equal((ExitCode.Done, ""), (run.Code, run.Error));
        JsonNode agreement = JsonNode.Parse(run.Output)!["withOther"]!;
        Assert.Equal((19, 0.0), ((int)agreement["pairs"]!, (double)agreement["share"]!));   // the one text that ties is no judge's merit
        Assert.True((double)agreement["kappa"]! < 0);

        int asked = contrary.Calls.Count;
        run = await CommandRun.Of(
            ["winrate", a, data, .. Endpoint(contrary), "--out", folder.Path("three"), "--agree-with", folder.Path("one"), "--quiet"]);
        Assert.Equal((ExitCode.BadInput, asked), (run.Code, contrary.Calls.Count));   // said before it is paid
        Assert.Contains("none of its pairs is one of these", run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_cannot_be_told_is_said_and_costs_no_result()
    {
        // Asked again, the judge has nothing to say.
        ConcurrentDictionary<string, int> seen = new();
        await using JudgeServer server = new(
            call => JudgeAnswer.Reply(call, seen.AddOrUpdate(call.Question, 1, (_, count) => count + 1) == 1 ? call.ByNumber() : "no"));
        CommandRun run = await CommandRun.Of(
            ["winrate", a, b, .. Endpoint(server), "--out", folder.Path("out"), "--quiet", "--retest", "2", "--concurrency", "1"]);
        Assert.Equal((ExitCode.Done, ""), (run.Code, run.Error));
        Assert.Contains("asked again: no pair has two verdicts.", run.Output, StringComparison.Ordinal);
        Assert.Contains("0.725", run.Output, StringComparison.Ordinal);

        bool refuses = true;
        await using JudgeServer refusing = new(call => refuses && call.Prompt == "post 7"
            ? new JudgeAnswer("no such thing here", 400)
            : JudgeAnswer.Reply(call, call.ByNumber()));
        string[] args = ["winrate", a, b, .. Endpoint(refusing), "--out", folder.Path("refusing"), "--quiet"];
        run = await CommandRun.Of(args);
        Assert.Contains("1 was refused", run.Output, StringComparison.Ordinal);
        Assert.Contains("no such thing here", run.Output, StringComparison.Ordinal);

        // A refusal is not for ever, and the rest is paid.
        (refuses, int asked) = (false, refusing.Calls.Count);
        run = await CommandRun.Of(args);
        Assert.Equal((ExitCode.Done, asked + 1), (run.Code, refusing.Calls.Count));
        Assert.DoesNotContain("refused", run.Output, StringComparison.Ordinal);
        Assert.Equal(run, await CommandRun.Of(args));
        Assert.Equal(asked + 1, refusing.Calls.Count);
    }

    [Fact]
    public async Task A_plan_leaves_no_trace()
    {
        await using JudgeServer server = new(call => JudgeAnswer.Reply(call, call.ByNumber()));
        string[] args = ["winrate", a, b, .. Endpoint(server), "--quiet", "--out", folder.Path("out")];
        Assert.Equal(ExitCode.Done, (await CommandRun.Of([.. args, "--judge-plan"])).Code);
        Assert.False(Directory.Exists(folder.Path("out")));
        Assert.Equal(ExitCode.Done, (await CommandRun.Of([.. args, "--limit", "12"])).Code);
        string record = File.ReadAllText(folder.Path("out/run.json"));
        Assert.Contains("\"orders\": \"random\"", record, StringComparison.Ordinal);
        CommandRun plan = await CommandRun.Of([.. args, "--judge-plan"]);
        Assert.Contains("calls to make", plan.Output, StringComparison.Ordinal);
        Assert.DoesNotContain(" 0 answered before", plan.Output, StringComparison.Ordinal);
        Assert.Equal(record, File.ReadAllText(folder.Path("out/run.json")));
    }

    [Fact]
    public async Task Each_file_may_name_its_own_columns()
    {
        string renamed = Renamed(b, "other.jsonl", "question", "answer");
        string third = Renamed(a, "third.jsonl", "post", "summary");
        CommandRun plain = await CommandRun.Of("winrate", a, b, "--against", a, "--judge", "paper", "--judge-plan", "--json");
        string[] args = ["winrate", a, renamed, "--against", third, "--judge", "paper", "--judge-plan", "--json"];
        CommandRun named = await CommandRun.Of(
            [.. args, "--columns-b", "prompt=question,completion=answer", "--columns-against", "prompt=post,completion=summary"]);
        Assert.Equal((ExitCode.Done, "", plain.Output), (named.Code, named.Error, named.Output));

        CommandRun lost = await CommandRun.Of("winrate", a, b, "--judge", "paper", "--judge-plan", "--columns-against", "prompt=post");
        Assert.Equal(ExitCode.BadInput, lost.Code);
        Assert.Contains("--against, which is not given", lost.Error, StringComparison.Ordinal);

        string Renamed(string file, string name, string prompt, string response) => folder.Write(
            name,
            string.Concat(File.ReadLines(file).Select(line =>
            {
                JsonElement row = JsonDocument.Parse(line).RootElement;
                return JsonSerializer.Serialize(new Dictionary<string, string?>
                {
                    [prompt] = row.GetProperty("prompt").GetString(),
                    [response] = row.GetProperty("response").GetString(),
                }) + "\n";
            })));
    }

    [Fact]
    public async Task A_plan_asks_nothing_and_needs_no_key()
    {
        CommandRun run = await CommandRun.Of("winrate", a, b, "--judge", "paper", "--judge-plan", "--json");
        Assert.Equal((ExitCode.Done, ""), (run.Code, run.Error));
        JsonElement forecast = JsonDocument.Parse(run.Output).RootElement;
        Assert.Equal(
            (19, 1, 19 * 256),
            (
                forecast.GetProperty("calls").GetInt32(),
                forecast.GetProperty("identical").GetInt32(),
                forecast.GetProperty("outputTokens").GetInt32()));
        Assert.Equal(
            ((forecast.GetProperty("inputTokens").GetInt64() * 10) + (19 * 256 * 30)) / 1e6, forecast.GetProperty("cost").GetDouble(), 9);
    }

    [Fact]
    public async Task The_gold_judge_prefers_the_worlds_own_summaries()
    {
        CommandRun export = await CommandRun.Of(
            "world", "export", "--out", folder.Path("world"), "--prompts", "30", "--held-out-pairs", "4");
        Assert.Equal((ExitCode.Done, ""), (export.Code, export.Error));
        string prompts = folder.Path("world/prompts.jsonl");
        string empty = folder.Write("empty.jsonl", string.Concat(File.ReadLines(prompts).Select(
            line => new JsonObject { ["prompt"] = (string)JsonNode.Parse(line)!["prompt"]!, ["response"] = "" }.ToJsonString() + "\n")));
        CommandRun run = await CommandRun.Of("winrate", prompts, empty, "--judge", "gold", "--json", "--quiet");
        Assert.Equal((ExitCode.Done, ""), (run.Code, run.Error));
        JsonNode rate = JsonNode.Parse(run.Output)!["comparisons"]![0]!["winRate"]!;
        Assert.True((double)rate["rate"]! > 0.8);
        Assert.Null(rate["position"]);
        run = await CommandRun.Of("winrate", prompts, empty, "--judge", "gold", "--world-seed", "9");
        Assert.Equal(ExitCode.BadInput, run.Code);
    }

    [Theory]
    [InlineData("needs --judge-model", "--judge", "openai", "--out", "x")]
    [InlineData("--orders is for an endpoint", "--judge", "gold", "--orders", "both")]
    [InlineData("no file nowhere.txt", "--judge", "paper", "--judge-plan", "--template", "nowhere.txt")]
    [InlineData("--price-in and --price-out", "--judge", "paper", "--judge-plan", "--price-in", "1")]
    [InlineData("--request: expected a JSON object", "--judge", "paper", "--judge-plan", "--request", "[]")]
    [InlineData("need a folder", "--judge", "openai", "--judge-model", "m", "--base-url", "http://localhost:1/v1")]
    [InlineData("GOODHART_NO_SUCH_KEY is not set", "--judge", "paper", "--key-env", "GOODHART_NO_SUCH_KEY")]
    public async Task Bad_input_is_named(string message, params string[] args)
    {
        CommandRun run = await CommandRun.Of(["winrate", a, b, .. args]);
        Assert.Equal((ExitCode.BadInput, ""), (run.Code, run.Output));
        Assert.Contains(message, run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Files_without_a_common_prompt_are_refused()
    {
        string other = folder.Write("other.jsonl", "{\"prompt\":\"elsewhere\",\"response\":\"x\"}\n");
        CommandRun run = await CommandRun.Of("winrate", a, other, "--judge", "gold");
        Assert.Equal(ExitCode.BadInput, run.Code);
        Assert.Contains("no prompt in common", run.Error, StringComparison.Ordinal);
    }

    private static string[] Endpoint(JudgeServer server) =>
        ["--judge", "openai", "--judge-model", "m", "--base-url", server.BaseUrl.AbsoluteUri, "--request-timeout", "60"];
}
