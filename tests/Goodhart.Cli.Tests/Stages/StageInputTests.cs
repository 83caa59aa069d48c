using System.Text.Json.Nodes;
using Xunit;

namespace Goodhart.Cli.Tests.Stages;

public sealed class StageInputTests(TinyRun tiny) : IClassFixture<TinyRun>
{
    [Fact]
    public async Task A_config_file_gives_options_and_the_command_line_wins()
    {
        string config = tiny.Fresh("align.yaml");
        File.WriteAllText(
            config,
            $"model: {tiny.Sft}/model\ndata: {tiny.Data("preferences")}\nloss: ipo\nbeta: 0.5\nbatchSize: 4\ncheckpoints: [0.5, "
                + "1]\nmaxTokens: 200\nquiet: true\n");
        CommandRun run = await CommandRun.Of("align", "--config", config, "--beta", "0.25", "--out", tiny.Fresh("configured"));
        Assert.Equal((ExitCode.Done, ""), (run.Code, run.Error));
        JsonNode record = JsonNode.Parse(File.ReadAllText(tiny.Fresh("configured/run.json")))!;
        Assert.Equal(("ipo", 0.25), ((string)record["loss"]!["name"]!, (double)record["loss"]!["beta"]!));
        Assert.Equal(4, (int)record["training"]!["batchSize"]!);
        Assert.Equal(2, record["checkpoints"]!.AsArray().Count);
    }

    [Theory]
    [InlineData("bta: 0.1", ":1:1: unknown key 'bta'. Did you mean 'beta'?")]
    [InlineData("beta: much", ":1:7: beta: expected a number, found much.")]
    [InlineData("beta: -1", ":1:1: --beta: expected a number > 0, found -1.")]
    public async Task A_mistake_in_a_config_file_has_its_place(string text, string message)
    {
        string config = tiny.Fresh("wrong.yaml");
        File.WriteAllText(config, text);
        CommandRun run = await CommandRun.Of(
            "align", tiny.Model, tiny.Data("preferences"), "--config", config, "--out", tiny.Fresh("wrong"));
        Assert.Equal((ExitCode.BadInput, ""), (run.Code, run.Output));
        Assert.Contains(config + message, run.Error, StringComparison.Ordinal);
        Assert.False(Directory.Exists(tiny.Fresh("wrong")));
    }

    [Theory]
    [InlineData("no model folder nowhere", "nowhere", "preferences")]
    [InlineData("expected preference data", null, "sft")]
    [InlineData("fewer than --batch-size 128", null, "preferences")]
    [InlineData("exceeds the model's 256 positions", null, "preferences", "--max-tokens", "512")]
    [InlineData("checkpoints: expected ascending fractions", null, "preferences", "--checkpoints", "1,0.5")]
    public async Task Bad_input_is_code_2(string message, string? model, string data, params string[] more)
    {
        string[] budget = more.Contains("--max-tokens") ? [] : ["--max-tokens", "200"];
        CommandRun run = await CommandRun.Of(
            ["align", model ?? tiny.Model, tiny.Data(data), "--out", tiny.Fresh($"bad-{message.Length}"), "--quiet", .. budget, .. more]);
        Assert.Equal((ExitCode.BadInput, ""), (run.Code, run.Output));
        Assert.Contains(message, run.Error, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", run.Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("sft", "$d", "--out", "$o")]
    [InlineData("align", "$d", "--out", "$o", "--checkpoints", "1")]
    [InlineData("align", "$g", "--held-out", "$d", "--out", "$o", "--checkpoints", "1")]
    public async Task A_bad_row_far_into_a_file_is_code_2_with_its_line(string verb, params string[] more)
    {
        string[] good = File.ReadAllLines(tiny.Data("preferences"));
        string bad = tiny.Fresh("bad.jsonl");
        File.WriteAllLines(bad, [.. good[..3], "{\"prompt\":\"my sister\",\"chosen\":7,\"rejected\":\"is\"}", .. good[3..]]);
        CommandRun run = await CommandRun.Of([verb, $"{tiny.Sft}/model", .. more.Select(Filled), .. TinyRun.Update]);
        Assert.Equal((ExitCode.BadInput, ""), (run.Code, run.Output));
        Assert.Equal("error: bad.jsonl line 4, column chosen: expected a string, as in the rows before, found a number.\n", run.Error);

        string Filled(string part) => part
            .Replace("$d", bad, StringComparison.Ordinal).Replace("$g", tiny.Data("preferences"), StringComparison.Ordinal)
            .Replace("$o", tiny.Fresh($"bad-row-{verb}-{more.Length}"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_bad_prompt_far_into_a_file_is_code_2_with_its_line()
    {
        string bad = tiny.Fresh("bad-prompts.jsonl");
        File.WriteAllText(bad, "{\"prompt\":\"my sister\"}\n\n{\"prompt\":null}\n");
        CommandRun run = await CommandRun.Of(
            "evaluate", $"{tiny.Dpo}/checkpoints", "--reference", $"{tiny.Sft}/model", "--prompts", bad, "--max-new-tokens", "4", "--out",
            tiny.Fresh("bad-prompts"), "--quiet");
        Assert.Equal((ExitCode.BadInput, ""), (run.Code, run.Output));
        Assert.StartsWith("error: bad-prompts.jsonl line 3, column prompt: expected a text", run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_learning_rate_follows_its_schedule()
    {
        CommandRun run = await tiny.AlignAsync("line", "--lr-schedule", "linear", "--checkpoints", "1");
        Assert.Equal((ExitCode.Done, ""), (run.Code, run.Error));
        double[] rates = Rates("line");

        // Four updates, of which two warm up; a longer run must not take any of them over.
        Assert.All(
            rates.Zip([1e-3 / 3, 1e-3 * 2 / 3 * 0.75, 1e-3 * 0.5, 1e-3 * 0.25]), pair => Assert.Equal(pair.Second, pair.First, 1e-12));
        run = await tiny.AlignAsync("line", "--lr-schedule", "linear", "--checkpoints", "0.5,1", "--epochs", "2");
        Assert.Equal((ExitCode.Done, ""), (run.Code, run.Error));
        Assert.Equal(1e-3 * 0.625, Rates("line")[3], 1e-12);
        JsonNode record = JsonNode.Parse(File.ReadAllText(tiny.Fresh("line/run.json")))!;
        Assert.Equal(("linear", 1e-3), ((string)record["training"]!["lrSchedule"]!, (double)record["training"]!["learningRate"]!));
        Assert.Equal(ExitCode.BadInput, (await tiny.AlignAsync("other-line", "--lr-schedule", "steps")).Code);
    }

    [Fact]
    public async Task A_run_that_only_warms_up_says_so()
    {
        CommandRun run = await CommandRun.Of(
            "sft", tiny.Model, tiny.Data("sft"), "--batch-size", "2", "--max-tokens", "200", "--quiet", "--out", tiny.Fresh("short"));
        Assert.Equal((ExitCode.Done, ""), (run.Code, run.Error));
        Assert.Contains("still rising: 4 updates, of 150 that warm up", run.Output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("sft $m $s")]
    [InlineData("align $m $p --checkpoints 1")]
    [InlineData("reward $m --data $p")]
    public async Task A_length_that_nobody_asked_for_follows_the_model(string command)
    {
        string[] args = command.Replace("$m", tiny.Model, StringComparison.Ordinal)
            .Replace("$s", tiny.Data("sft"), StringComparison.Ordinal)
            .Replace("$p", tiny.Data("preferences"), StringComparison.Ordinal).Split(' ');
        string run = tiny.Fresh($"follows-{args[0]}");
        CommandRun told = await CommandRun.Of([.. args, "--batch-size", "2", "--threads", "2", "--out", run]);
        Assert.Equal(
            (ExitCode.Done, $"{tiny.Model}: rows have at most 256 tokens, as many as the model has positions (--max-tokens).\n"),
            (told.Code, told.Error));
        Assert.Equal(256, (int)JsonNode.Parse(File.ReadAllText($"{run}/run.json"))!["data"]!["budget"]!["maxTokens"]!);
    }

    private double[] Rates(string run) =>
        [.. File.ReadLines(tiny.Fresh($"{run}/metrics.jsonl")).Select(line => (double)JsonNode.Parse(line)!["learning_rate"]!)];

    [Fact]
    public async Task A_folder_of_another_stage_is_left_alone()
    {
        CommandRun run = await CommandRun.Of(["sft", tiny.Model, tiny.Data("sft"), "--out", tiny.Dpo, .. TinyRun.Update]);
        Assert.Equal(ExitCode.BadInput, run.Code);
        Assert.Contains("holds a run of align", run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Another_reference_is_used_and_recorded()
    {
        CommandRun run = await tiny.AlignAsync("referenced", "--reference", tiny.Model, "--checkpoints", "1");
        Assert.Equal((ExitCode.Done, ""), (run.Code, run.Error));
        JsonNode record = JsonNode.Parse(File.ReadAllText(tiny.Fresh("referenced/run.json")))!;
        Assert.NotEqual((string)record["model"]!["sha256"]!, (string)record["reference"]!["sha256"]!);
        JsonNode first = JsonNode.Parse(File.ReadLines(tiny.Fresh("referenced/metrics.jsonl")).First())!;
        Assert.True(Math.Abs((double)first["rewards/chosen"]!) > 1e-3);
    }
}
