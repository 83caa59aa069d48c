using System.Text.Json.Nodes;
using Goodhart.Testing.Judging;
using Xunit;

namespace Goodhart.Cli.Tests.Stages;

public sealed class StopAtPeakTests(TinyRun tiny) : IClassFixture<TinyRun>
{
    [Fact]
    public async Task A_run_that_gets_worse_stops_and_resumes_and_is_the_beginning_of_the_run_without_the_option()
    {
        string[] chosen =
        [
            .. File.ReadLines(tiny.Data("heldout-preferences")).Select(line => ((string)JsonNode.Parse(line)!["chosen"]!).Trim()),
        ];

        // Of four prompts the first checkpoint ties one and wins three; later ones lose all.
        await using JudgeServer server = new(call =>
        {
            bool sampleFirst = !chosen.Contains(call.First.Trim());
            return JudgeAnswer.Reply(call, call.Verdict(call.Number == 1 ? "tie" : sampleFirst == (call.Number <= 4) ? "1" : "2"));
        });
        string[] watch =
            [
                "--stop-at-peak", "--max-new-tokens", "8", "--judge", "openai", "--judge-model", "m", "--base-url",
                server.BaseUrl.AbsoluteUri, "--concurrency", "1",
            ];
        CommandRun run = await AlignAsync("watched", watch);
        Assert.Equal((ExitCode.Done, ""), (run.Code, run.Error));
        Assert.Contains("stopped: 0.000 at 50 % against 0.875 at 25 %: worse, p = ", run.Output, StringComparison.Ordinal);
        string record = File.ReadAllText(tiny.Fresh("watched/run.json"));
        JsonNode stop = JsonNode.Parse(record)!["stop"]!;
        Assert.Equal(
            (true, 1, "significant-decline", 2),
            ((bool)stop["stopped"]!, (int)stop["best"]!["step"]!, (string)stop["rule"]!, stop["measured"]!.AsArray().Count));
        Assert.Equal(["step-1", "step-2"], Checkpoints("watched"));
        Assert.Equal(Weights("watched/checkpoints/step-1"), Weights("watched/model"));
        Assert.NotEqual(Weights("watched/checkpoints/step-2"), Weights("watched/model"));

        int asked = server.Calls.Count;
        Assert.Equal(ExitCode.Done, (await AlignAsync("watched", watch)).Code);
        Assert.Equal((asked, record), (server.Calls.Count, File.ReadAllText(tiny.Fresh("watched/run.json"))));

        string[] watched = File.ReadAllLines(tiny.Fresh("watched/metrics.jsonl"));
        Assert.Equal(ExitCode.Done, (await AlignAsync("whole")).Code);
        Assert.Equal(Weights("whole/checkpoints/step-2"), Weights("watched/checkpoints/step-2"));
        Assert.Equal(File.ReadLines(tiny.Fresh("whole/metrics.jsonl")).Take(watched.Length), watched);

        // Without the option the stopped folder goes on to the planned end.
        Assert.Equal(ExitCode.Done, (await AlignAsync("watched")).Code);
        Assert.Equal(["step-1", "step-2", "step-4"], Checkpoints("watched"));
        Assert.Equal(Weights("whole/model"), Weights("watched/model"));
    }

    [Fact]
    public async Task The_gold_judge_watches_a_run_on_the_worlds_data()
    {
        CommandRun run = await tiny.AlignAsync(
            "gold", "--stop-at-peak", "--judge", "gold", "--prompts", tiny.Data("prompts"), "--max-new-tokens", "8", "--json");
        Assert.Equal((ExitCode.Done, ""), (run.Code, run.Error));
        JsonNode stop = JsonNode.Parse(run.Output)!["stop"]!;
        Assert.Equal(("gold", 3), ((string)stop["judge"]!, (int)stop["prompts"]!));
        Assert.All(stop["measured"]!.AsArray(), checkpoint => Assert.InRange((double)checkpoint!["winRate"]!, 0, 1));
    }

    [Theory]
    [InlineData("--stop-at-peak needs a judge of held-out samples: --judge gold", "--stop-at-peak")]
    [InlineData("--stop-at-peak needs held-out prompts with responses", "--stop-at-peak", "--judge", "gold")]
    [InlineData("--limit belongs to --stop-at-peak", "--limit", "3")]
    [InlineData("--judge belongs to --stop-at-peak", "--judge", "gold")]
    public async Task What_is_missing_is_said(string expected, params string[] options)
    {
        CommandRun run = await tiny.AlignAsync("refused", options);
        Assert.Equal(ExitCode.BadInput, run.Code);
        Assert.Contains(expected, run.Error, StringComparison.Ordinal);
        Assert.False(Directory.Exists(tiny.Fresh("refused")));
    }

    [Fact]
    public async Task One_checkpoint_has_no_peak()
    {
        CommandRun run = await tiny.AlignAsync(
            "one", "--stop-at-peak", "--judge", "gold", "--prompts", tiny.Data("prompts"), "--max-new-tokens", "8", "--checkpoints", "1");
        Assert.Equal(ExitCode.BadInput, run.Code);
        Assert.Contains("expected two or more in --checkpoints", run.Error, StringComparison.Ordinal);
    }

    /// <summary>Four updates, so large that no two checkpoints say the same.</summary>
    private Task<CommandRun> AlignAsync(string name, params string[] more) => CommandRun.Of(
        [
            "align", $"{tiny.Sft}/model", tiny.Data("preferences"), "--out", tiny.Fresh(name), "--held-out",
            tiny.Data("heldout-preferences"),
            "--batch-size", "2", "--warmup-steps", "0", "--learning-rate", "0.05", "--max-tokens", "200", "--threads", "2", "--quiet",
            "--checkpoints", "0.25,0.5,1", .. more,
        ]);

    private string[] Checkpoints(string name) =>
        [
            .. Directory.GetDirectories(tiny.Fresh($"{name}/checkpoints"))
                .Select(path => Path.GetFileName(path)).Order(StringComparer.Ordinal),
        ];

    private byte[] Weights(string model) => File.ReadAllBytes(Path.Combine(tiny.Fresh(model), "model.safetensors"));
}
