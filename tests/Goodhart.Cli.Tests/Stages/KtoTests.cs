using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Xunit;

namespace Goodhart.Cli.Tests.Stages;

/// <summary>KTO on responses with labels, from files to a model.</summary>
public sealed class KtoTests(TinyRun tiny) : IClassFixture<TinyRun>
{
    [Fact]
    public async Task Every_format_of_the_same_rows_gives_the_same_bits_and_so_do_the_pairs_they_came_from()
    {
        CommandRun run = await Align("pairs", tiny.Data("preferences"));
        Assert.Equal((ExitCode.Done, ""), (run.Code, run.Error));
        Assert.Contains("8 updates on 16 responses of 8 pairs, loss 0.", run.Output, StringComparison.Ordinal);
        Assert.Contains("\n8 desirable and 8 undesirable responses\n", run.Output, StringComparison.Ordinal);
        JsonNode record = JsonNode.Parse(File.ReadAllText(tiny.Fresh("pairs/run.json")))!;
        Assert.Equal(("kto", 0.2), ((string)record["loss"]!["name"]!, (double)record["loss"]!["beta"]!));
        Assert.EndsWith(
            "; a pair is two rows, chosen desirable, rejected not", (string)record["data"]!["shape"]!, StringComparison.Ordinal);
        Assert.Equal(
            (8, 8, true),
            ((int)record["labels"]!["desirable"]!, (int)record["labels"]!["undesirable"]!, (bool)record["labels"]!["fromPairs"]!));
        foreach (string format in (string[])["jsonl", "csv", "json"])
        {
            string data = await Unpaired(format);
            run = await Align($"from-{format}", data);
            Assert.Equal((ExitCode.Done, ""), (run.Code, run.Error));
            Assert.Contains("\n8 desirable and 8 undesirable responses\n", run.Output, StringComparison.Ordinal);
            Assert.Equal(Weights("pairs"), Weights($"from-{format}"));
        }
    }

    [Fact]
    public async Task A_run_starts_at_half_the_weight_and_its_metrics_are_documented()
    {
        CommandRun run = await Align(
            "measured", await Unpaired("jsonl"), "--held-out", tiny.Data("heldout-preferences"), "--checkpoints", "0.5,1",
            "--loss-parameter", "undesirable-weight=0.5");
        Assert.Equal((ExitCode.Done, ""), (run.Code, run.Error));
        Assert.Contains(
            "; weighted they stand 2 to 1, where the paper advises 1 to 1.33: --loss-parameter "
                + "desirable-weight=0.5\n", run.Output, StringComparison.Ordinal);
        Assert.Contains("\nheld out: loss ", run.Output, StringComparison.Ordinal);
        JsonObject[] lines = Lines("measured");
        Assert.Equal(0, (double)lines[0]["kl"]!);
        int desirable = (int)lines[0]["count/chosen"]!;
        Assert.Equal(2, desirable + (int)lines[0]["count/rejected"]!);
        Assert.Equal(((0.5 * desirable) + (0.25 * (2 - desirable))) / 2, (double)lines[0]["loss"]!, 1e-9);
        Assert.Equal([4, 8], lines.Where(line => line.ContainsKey("eval/kl")).Select(line => (int)line["step"]!));

        string page = File.ReadAllText(Repository.PathOf("docs/metrics.md"));
        string section = page[page.IndexOf("## Of responses with labels", StringComparison.Ordinal)..].Split("\n## ")[0];
        IEnumerable<string> documented = Regex.Matches(section, @"^\| `([^`]+)` \|", RegexOptions.Multiline)
            .Select(match => match.Groups[1].Value);
        IEnumerable<string> written = lines.SelectMany(line => line.Select(entry => entry.Key)).Distinct().Except(["step", "epoch"]);
        Assert.Equal(documented.Order(StringComparer.Ordinal), written.Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task Held_out_responses_have_no_accuracy_and_the_margin_that_their_pairs_have()
    {
        string train = await Unpaired("jsonl");
        string heldOut = await Unpaired("jsonl", "heldout-preferences");
        Assert.Equal(ExitCode.Done, (await Align("by-pairs", train, "--held-out", tiny.Data("heldout-preferences"))).Code);
        Assert.Equal(ExitCode.Done, (await Align("by-rows", train, "--held-out", heldOut)).Code);
        JsonObject pairs = Lines("by-pairs")[^1];
        JsonObject rows = Lines("by-rows")[^1];
        Assert.InRange((double)pairs["eval/rewards/accuracies"]!, 0, 1);
        Assert.False(rows.ContainsKey("eval/rewards/accuracies"));
        Assert.Equal((double)pairs["eval/loss"]!, (double)rows["eval/loss"]!);
        Assert.Equal(
            (double)rows["eval/rewards/chosen"]! - (double)rows["eval/rewards/rejected"]!, (double)rows["eval/rewards/margins"]!, 1e-12);
    }

    [Fact]
    public async Task A_run_that_was_cut_elsewhere_or_computed_otherwise_gives_the_same_bits()
    {
        string data = await Unpaired("jsonl");
        Assert.Equal(ExitCode.Done, (await Align("whole", data)).Code);
        CommandRun run = await Align("parts", data, "--resume-every", "1", "--row-budget", "50", "--threads", "1");
        Assert.Equal((ExitCode.Done, ""), (run.Code, run.Error));
        Assert.Equal(Weights("whole"), Weights("parts"));

        string last = Directory.GetDirectories(tiny.Fresh("parts/steps")).Single(
            step => (string)JsonNode.Parse(File.ReadAllText($"{step}/step.json"))!["label"]!
                == "kto β=0.2 desirable-weight=1 undesirable-weight=1 to update 8 of 8");
        Directory.Move(last, $"{last}.partial-dead");
        run = await Align("parts", data, "--resume-every", "1", "--json");
        Assert.True((int)JsonNode.Parse(run.Output)!["executed"]! > 0);
        Assert.Equal(Weights("whole"), Weights("parts"));
        Assert.Equal(File.ReadAllBytes(tiny.Fresh("whole/metrics.jsonl")), File.ReadAllBytes(tiny.Fresh("parts/metrics.jsonl")));
    }

    [Fact]
    public async Task A_watched_run_is_judged_against_the_desirable_responses()
    {
        CommandRun run = await Align(
            "watched", await Unpaired("jsonl"), "--held-out", await Unpaired("jsonl", "heldout-preferences"), "--checkpoints", "0.5,1",
            "--stop-at-peak", "--judge",
            "gold", "--max-new-tokens", "8", "--json");
        Assert.Equal((ExitCode.Done, ""), (run.Code, run.Error));
        Assert.Equal(
            ("gold", 4), ((string)JsonNode.Parse(run.Output)!["stop"]!["judge"]!, (int)JsonNode.Parse(run.Output)!["stop"]!["prompts"]!));

        string feedback = await Unpaired("jsonl", "heldout-preferences");
        run = await CommandRun.Of(
            "evaluate", $"{tiny.Dpo}/checkpoints", "--reference", $"{tiny.Sft}/model", "--prompts", feedback, "--max-new-tokens", "4",
            "--out",
            tiny.Fresh("on-feedback"), "--json", "--quiet");
        Assert.Equal((ExitCode.Done, ""), (run.Code, run.Error));
        Assert.Equal(4, (int)JsonNode.Parse(run.Output)!["prompts"]!);   // of eight rows
    }

    [Theory]
    [InlineData("feedback.jsonl line 2, column label: expected true or false, or 1 or 0, found \"maybe\".", "\"maybe\"", "kto")]
    [InlineData("found unpaired data, on which `align --loss kto` trains", "false", "dpo")]
    [InlineData("expected responses to two or more different prompts, found one", "false", "kto", "--max-prompt-tokens", "1")]
    [InlineData(
        "--nll-weight adds the NLL of a pair's chosen response, and kto has no pairs: leave it out.", "false", "kto", "--nll-weight", "1")]
    public async Task Wrong_data_and_options_are_code_2(string message, string label, string loss, params string[] more)
    {
        string data = tiny.Fresh("feedback.jsonl");
        File.WriteAllText(
            data, "{\"prompt\":\"my sister\",\"completion\":\" my\",\"label\":true}\n{\"prompt\":\"my friend "
                + $"sister\",\"completion\":\" is\",\"label\":{label}}}\n");
        CommandRun run = await CommandRun.Of(
            [
                "align", $"{tiny.Sft}/model", data, "--loss", loss, "--out", tiny.Fresh($"wrong-{message.Length}"), .. TinyRun.Update,
                "--checkpoints", "1", .. more,
            ]);
        Assert.Equal((ExitCode.BadInput, ""), (run.Code, run.Output));
        Assert.Contains(message, run.Error, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Evaluate_and_the_tree_say_that_they_have_pairs()
    {
        CommandRun run = await CommandRun.Of(
            "evaluate", $"{tiny.Dpo}/checkpoints", "--reference", $"{tiny.Sft}/model", "--prompts", tiny.Data("prompts"), "--held-out",
            tiny.Data("heldout-preferences"), "--loss", "kto", "--max-new-tokens", "4", "--out", tiny.Fresh("no-evaluation"));
        Assert.Equal(ExitCode.BadInput, run.Code);
        Assert.Contains("kto-pair is KTO on pairs", run.Error, StringComparison.Ordinal);
        Assert.Contains(
            "kto-pair is KTO on pairs",
            (await CommandRun.Of("tree", "--loss", "kto", "--out", tiny.Fresh("no-tree"))).Error,
            StringComparison.Ordinal);
    }

    [Fact]
    public async Task Sft_imitates_the_desirable_responses()
    {
        CommandRun run = await CommandRun.Of(
            ["sft", tiny.Model, await Unpaired("jsonl"), "--out", tiny.Fresh("imitation"), .. TinyRun.Update]);
        Assert.Equal((ExitCode.Done, ""), (run.Code, run.Error));
        Assert.Contains("updates on 8 of 16 rows", run.Output, StringComparison.Ordinal);
        JsonNode record = JsonNode.Parse(File.ReadAllText(tiny.Fresh("imitation/run.json")))!;
        Assert.Equal(8, (int)record["data"]!["skipped"]!["undesirable"]!);
    }

    [Fact]
    public async Task Inspect_counts_labels()
    {
        CommandRun run = await CommandRun.Of("data", "inspect", await Unpaired("csv"));
        Assert.Equal((ExitCode.Done, ""), (run.Code, run.Error));
        Assert.Matches(@"desirable +50 % \(28 to 72\) +8 rows; 8 are undesirable", run.Output);
        Assert.Matches(@"mixed prompts +8 ", run.Output);
    }

    private Task<CommandRun> Align(string name, string data, params string[] more) => CommandRun.Of(
        [
            "align", $"{tiny.Sft}/model", data, "--loss", "kto", "--beta", "0.2", "--out", tiny.Fresh(name), "--batch-size", "2",
            "--warmup-steps", "2",
            "--learning-rate", "1e-3", "--max-tokens", "200", "--quiet",
            .. more.Contains("--checkpoints") ? [] : (string[])["--checkpoints", "1"],
            .. more.Contains("--threads") ? [] : (string[])["--threads", "2"], .. more,
        ]);

    private async Task<string> Unpaired(string format, string pairs = "preferences")
    {
        string file = tiny.Fresh($"{pairs}-unpaired.{format}");
        CommandRun run = await CommandRun.Of("data", "convert", tiny.Data(pairs), "--unpaired", "--to", format, "--out", file, "--force");
        Assert.Equal((ExitCode.Done, ""), (run.Code, run.Error));
        return file;
    }

    private string Weights(string run) => Convert.ToHexString(System.Security.Cryptography.SHA256.HashData(
        File.ReadAllBytes(tiny.Fresh($"{run}/model/model.safetensors"))));

    private JsonObject[] Lines(string run) =>
        [.. File.ReadLines(tiny.Fresh($"{run}/metrics.jsonl")).Select(line => JsonNode.Parse(line)!.AsObject())];
}
