using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Xunit;

namespace Goodhart.Cli.Tests.Stages;

public sealed class StageTests(TinyRun tiny) : IClassFixture<TinyRun>
{
    [Fact]
    public void Sft_writes_a_line_per_update_and_a_model_with_its_tokenizer()
    {
        // 9 rows, batches of 2: 4 updates an epoch.
        JsonObject[] lines = Lines(tiny.Sft);
        Assert.Equal(Enumerable.Range(1, 8), lines.Select(line => (int)line["step"]!));
        Assert.Equal((0.25, 2.0), ((double)lines[0]["epoch"]!, (double)lines[^1]["epoch"]!));
        Assert.True((double)lines[^1]["nll"]! < (double)lines[0]["nll"]!);
        Assert.Equal(
            ["README.md", "config.json", "generation_config.json", "model.safetensors", "tokenizer.json", "tokenizer_config.json"],
            Directory.GetFiles($"{tiny.Sft}/model").Select(Path.GetFileName).Order(StringComparer.Ordinal));
        Assert.Equal(
            File.ReadAllBytes($"{tiny.Sft}/model/model.safetensors"),
            File.ReadAllBytes($"{tiny.Sft}/checkpoints/step-8/model.safetensors"));
    }

    [Fact]
    public void Align_starts_at_ln_2_and_measures_held_out_pairs_at_checkpoints()
    {
        JsonObject[] lines = Lines(tiny.Dpo);
        Assert.Equal(Math.Log(2), (double)lines[0]["loss"]!, 4);
        Assert.Equal(0, (double)lines[0]["rewards/chosen"]!, 4);
        JsonObject[] heldOut = [.. lines.Where(line => line.ContainsKey("eval/loss"))];
        Assert.Equal([2, 4], heldOut.Select(line => (int)line["step"]!));
        Assert.True((double)heldOut[1]["eval/forward_kl_se"]! > 0);
        Assert.Equal(
            ["step-2", "step-4"],
            Directory.GetDirectories($"{tiny.Dpo}/checkpoints").Select(Path.GetFileName).Order(StringComparer.Ordinal));
    }

    [Fact]
    public void The_run_says_what_was_run_on_what()
    {
        JsonNode record = JsonNode.Parse(File.ReadAllText($"{tiny.Dpo}/run.json"))!;
        Assert.Equal(("align", "dpo", 0.1), ((string)record["stage"]!, (string)record["loss"]!["name"]!, (double)record["loss"]!["beta"]!));
        Assert.Equal((string)record["model"]!["sha256"]!, (string)record["reference"]!["sha256"]!);
        Assert.Matches("^[0-9a-f]{64}$", (string)record["data"]!["sha256"]!);
        Assert.Equal(8, (int)record["data"]!["truncation"]!["rows"]!);
        Assert.Equal((4, "rmsprop"), ((int)record["training"]!["updates"]!, (string)record["training"]!["optimizer"]!["name"]!));
    }

    [Fact]
    public void TensorBoards_file_holds_the_same_curves()
    {
        Assert.Equal(0xE3069283u, EventFile.Crc32C("123456789"u8));
        List<(long Step, Dictionary<string, float> Scalars)> events =
            EventFile.Read(Assert.Single(Directory.GetFiles(tiny.Dpo, "events.out.tfevents.*")));
        JsonObject[] lines = Lines(tiny.Dpo);
        Assert.Equal(lines.Length, events.Count);
        foreach (JsonObject line in lines)
        {
            Dictionary<string, float> expected = line.Where(entry => entry.Key is not ("step" or "epoch"))
                .ToDictionary(entry => entry.Key, entry => (float)(double)entry.Value!);
            Assert.Contains(
                events,
                entry => entry.Step == (int)line["step"]! && entry.Scalars.OrderBy(x => x.Key).SequenceEqual(expected.OrderBy(x => x.Key)));
        }
    }

    [Fact]
    public void Every_name_is_documented()
    {
        string page = File.ReadAllText(Repository.PathOf("docs/metrics.md"));
        string section = page[page.IndexOf("## In a run folder", StringComparison.Ordinal)..].Split("\n## ")[0];
        IEnumerable<string> documented = Regex.Matches(section, @"^\| `([^`]+)` \|", RegexOptions.Multiline)
            .Select(match => match.Groups[1].Value);
        IEnumerable<string> written = Lines(tiny.Sft).Concat(Lines(tiny.Dpo)).SelectMany(line => line.Select(entry => entry.Key))
            .Distinct().Except(["step", "epoch"]);
        Assert.Equal(documented.Order(StringComparer.Ordinal), written.Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task A_run_that_was_cut_off_or_cut_elsewhere_gives_the_same_bits()
    {
        CommandRun run = await tiny.AlignAsync("other", "--checkpoints", "0.5,1", "--resume-every", "1");
        Assert.Equal((ExitCode.Done, ""), (run.Code, run.Error));
        Assert.Equal(Weights(tiny.Dpo), Weights(tiny.Fresh("other")));

        // As after a kill in the last part: its artifact is not there, a part-written one is, and its lines are in the files.
        string last = Directory.GetDirectories(tiny.Fresh("other/steps")).Single(
            step => (string)JsonNode.Parse(File.ReadAllText($"{step}/step.json"))!["label"]! == "dpo β=0.1 to update 4 of 4");
        byte[] metrics = File.ReadAllBytes(tiny.Fresh("other/metrics.jsonl"));
        Directory.Move(last, $"{last}.partial-dead");
        Directory.Delete(tiny.Fresh("other/model"), recursive: true);
        run = await tiny.AlignAsync("other", "--checkpoints", "0.5,1", "--resume-every", "1", "--json");
        Assert.Equal((ExitCode.Done, ""), (run.Code, run.Error));
        Assert.Equal(Weights(tiny.Dpo), Weights(tiny.Fresh("other")));
        Assert.Equal(metrics, File.ReadAllBytes(tiny.Fresh("other/metrics.jsonl")));

        run = await tiny.AlignAsync("other", "--checkpoints", "0.5,1", "--resume-every", "1", "--json");
        Assert.Equal(0, (int)JsonNode.Parse(run.Output)!["executed"]!);
    }

    [Fact]
    public async Task Evaluate_measures_a_folder_of_checkpoints()
    {
        string target = tiny.Fresh("evaluation");
        CommandRun run = await CommandRun.Of(
            "evaluate", $"{tiny.Dpo}/checkpoints", "--reference", $"{tiny.Sft}/model", "--prompts", tiny.Data("prompts"), "--held-out",
            tiny.Data("heldout-preferences"), "--samples", "2", "--max-new-tokens", "8", "--out", target, "--json", "--quiet");
        Assert.Equal((ExitCode.Done, ""), (run.Code, run.Error));
        using JsonDocument json = JsonDocument.Parse(run.Output);
        JsonElement[] rows = [.. json.RootElement.GetProperty("rows").EnumerateArray()];
        Assert.Equal(
            ["reference", $"{tiny.Dpo}/checkpoints/step-2", $"{tiny.Dpo}/checkpoints/step-4"],
            rows.Select(row => row.GetProperty("checkpoint").GetString()));
        double[] kl = [.. rows.Select(row => row.GetProperty("measures").GetProperty("kl").GetProperty("mean").GetDouble())];
        Assert.Equal(0, kl[0], 5);
        Assert.True(kl[2] > kl[1] && kl[1] > 1e-5, string.Join(", ", kl));
        Assert.Equal(4, File.ReadAllLines($"{target}/evaluation.csv").Length);

        // The same held-out pairs, as the run itself measured them.
        double trained = (double)Lines(tiny.Dpo)[^1]["eval/forward_kl"]!;
        Assert.Equal(trained, rows[2].GetProperty("measures").GetProperty("pairs").GetProperty("forwardKl").GetDouble(), 6);
        string responses = (string)JsonNode.Parse(File.ReadAllText($"{target}/run.json"))!["checkpoints"]![1]!["responses"]!;
        Assert.Equal(6, File.ReadAllLines(Path.Combine(target, responses)).Length);
    }

    private static byte[] Weights(string run) => File.ReadAllBytes($"{run}/model/model.safetensors");

    private static JsonObject[] Lines(string run) =>
        [.. File.ReadLines($"{run}/metrics.jsonl").Select(line => JsonNode.Parse(line)!.AsObject())];
}
