using System.Text.Json.Nodes;
using Goodhart.Testing;
using Xunit;

namespace Goodhart.Cli.Tests.Stages;

/// <summary>goodhart reward and goodhart ppo on a tiny model.</summary>
public sealed class RewardAndPolicyTests(TinyRun tiny) : IClassFixture<TinyRun>
{
    private static readonly string[] Rollouts =
    [
        "--collections", "2", "--prompts-per-collection", "3", "--samples", "2", "--epochs", "2", "--max-new-tokens", "8",
        "--learning-rate", "1e-3",
        "--threads", "2",
    ];

    [Fact]
    public async Task A_reward_model_is_a_folder_with_its_measures()
    {
        await RewardAsync("measured", "--held-out", tiny.Data("heldout-preferences"), "--checkpoints", "0.5,1");
        JsonNode config = JsonNode.Parse(File.ReadAllText(tiny.Fresh("measured/model/config.json")))!;
        Assert.Equal("GPTNeoXForSequenceClassification", (string)config["architectures"]![0]!);
        Assert.True(File.Exists(tiny.Fresh("measured/model/tokenizer.json")));
        JsonObject[] lines = Lines("measured");
        Assert.Equal([2, 4], lines.Where(line => line.ContainsKey("eval/calibration_error")).Select(line => (int)line["step"]!));
        JsonNode quality = Assert.Single(JsonNode.Parse(File.ReadAllText(tiny.Fresh("measured/evaluation.json")))!.AsArray())!;
        Assert.Equal((double)lines[^1]["eval/rewards/accuracies"]!, (double)quality["heldOut"]!["accuracy"]!["mean"]!, 12);
        Assert.Equal((double)lines[^1]["eval/rewards/chosen"]!, (double)quality["chosen"]!["mean"]!, 9);
        Assert.Equal(4, quality["heldOut"]!["bins"]!.AsArray().Sum(bin => (int)bin!["count"]!));
        Assert.Contains("Calibration", File.ReadAllText(tiny.Fresh("measured/report.html")), StringComparison.Ordinal);
        Assert.Equal("reward", (string)JsonNode.Parse(File.ReadAllText(tiny.Fresh("measured/run.json")))!["stage"]!);
    }

    [Fact]
    public async Task A_reward_model_judges_responses_and_prefers_what_it_scores_higher()
    {
        await RewardAsync("judge");
        string a = tiny.Fresh("a.jsonl");
        string b = tiny.Fresh("b.jsonl");
        JsonObject[] rows = [.. File.ReadLines(tiny.Data("heldout-preferences")).Select(line => JsonNode.Parse(line)!.AsObject())];
        File.WriteAllLines(
            a,
            rows.Select(
                row => new JsonObject { ["prompt"] = (string)row["prompt"]!, ["response"] = (string)row["chosen"]! }.ToJsonString()));
        File.WriteAllLines(
            b,
            rows.Select(
                row => new JsonObject { ["prompt"] = (string)row["prompt"]!, ["response"] = (string)row["rejected"]! }.ToJsonString()));
        string[] judge = ["--judge", "reward", "--reward-model", tiny.Fresh("judge/model"), "--json", "--quiet"];
        CommandRun forward = await CommandRun.Of(["winrate", a, b, .. judge]);
        CommandRun backward = await CommandRun.Of(["winrate", b, a, .. judge]);
        Assert.Equal((ExitCode.Done, ""), (forward.Code, forward.Error));
        double rate = Rate(forward);
        Assert.Equal(1 - rate, Rate(backward), 12);
        Assert.InRange(rate, 0, 1);

        CommandRun wrong = await CommandRun.Of("winrate", a, b, "--judge", "reward", "--reward-model", $"{tiny.Sft}/model");
        Assert.Equal(ExitCode.BadInput, wrong.Code);
        Assert.Contains("expected a GPTNeoXForSequenceClassification", wrong.Error, StringComparison.Ordinal);
        wrong = await CommandRun.Of("winrate", a, b, "--judge", "reward");
        Assert.Equal(ExitCode.BadInput, wrong.Code);
        Assert.Contains("--judge reward needs --reward-model", wrong.Error, StringComparison.Ordinal);
    }

    private static double Rate(CommandRun run) => (double)JsonNode.Parse(run.Output)!["comparisons"]![0]!["winRate"]!["rate"]!;

    [Fact]
    public async Task A_margin_is_taken_off_the_difference_of_rewards()
    {
        string data = tiny.Fresh("margins.jsonl");
        File.WriteAllLines(data, File.ReadLines(tiny.Data("preferences")).Select(line =>
        {
            JsonObject row = JsonNode.Parse(line)!.AsObject();
            row["gap"] = 3;
            return row.ToJsonString();
        }));
        await RewardAsync("plain");
        CommandRun run = await CommandRun.Of(
            ["reward", $"{tiny.Sft}/model", "--data", data, "--columns", "margin=gap", "--out", tiny.Fresh("margins"), .. TinyRun.Update]);
        Assert.Equal((ExitCode.Done, ""), (run.Code, run.Error));
        JsonObject plain = Lines("plain")[0];
        JsonObject with = Lines("margins")[0];

        // The same model before its first update, so the same rewards, but the loss of a difference that lacks 3.
        Assert.Equal((double)plain["rewards/margins"]!, (double)with["rewards/margins"]!, 12);
        Assert.InRange((double)with["loss"]! - (double)plain["loss"]!, 1.5, 3);

        File.AppendAllLines(data, [File.ReadLines(tiny.Data("preferences")).First()]);
        run = await CommandRun.Of(
            [
                "reward", $"{tiny.Sft}/model", "--data", data, "--columns", "margin=gap", "--out", tiny.Fresh("some-margins"),
                .. TinyRun.Update,
            ]);
        Assert.Equal(ExitCode.BadInput, run.Code);
        Assert.Contains("margins.jsonl line 9, column gap: expected a number", run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Ppo_resumes_to_the_same_bits_and_writes_TRLs_names()
    {
        await RewardAsync("reward");
        string[] ppo = ["--reward", tiny.Fresh("reward"), "--checkpoints", "1", "--value-warmup", "1", "--adaptive-target", "0.01"];
        await PolicyAsync("ppo", ppo);
        await PolicyAsync("ppo-cut", [.. ppo, "--resume-every", "1"]);
        Assert.Equal(Weights("ppo"), Weights("ppo-cut"));
        Assert.NotEqual(File.ReadAllBytes($"{tiny.Sft}/model/model.safetensors"), Weights("ppo"));

        // As after a kill in the last part.
        string last = Directory.GetDirectories(tiny.Fresh("ppo-cut/steps")).Single(
            step => (string)JsonNode.Parse(File.ReadAllText($"{step}/step.json"))!["label"]! == "ppo to update 2 of 2");
        byte[] metrics = File.ReadAllBytes(tiny.Fresh("ppo-cut/metrics.jsonl"));
        Directory.Move(last, $"{last}.partial-dead");
        await PolicyAsync("ppo-cut", [.. ppo, "--resume-every", "1"]);
        Assert.Equal(Weights("ppo"), Weights("ppo-cut"));
        Assert.Equal(metrics, File.ReadAllBytes(tiny.Fresh("ppo-cut/metrics.jsonl")));

        JsonObject[] lines = Lines("ppo");
        Assert.Equal(0, (double)lines[0]["objective/kl"]!, 3);
        Assert.False(lines[0].ContainsKey("policy/clipfrac_avg"));   // the policy rests in the warm-up
        Assert.True(lines[1].ContainsKey("policy/clipfrac_avg"));
        Assert.Equal(12, (int)lines[1]["episode"]!);
        Assert.True((double)lines[1]["objective/kl_coef"]! < (double)lines[0]["objective/kl_coef"]!);   // KL 0 is below the target
        Assert.Equal(
            (double)lines[1]["objective/rlhf_reward"]!,
            (double)lines[1]["objective/scores"]! + (double)lines[1]["objective/non_score_reward"]!,
            9);
        await PolicyAsync("documented", ["--reward", tiny.Fresh("reward"), "--gold", await UnseenAsync(), "--checkpoints", "1"]);
        string page = File.ReadAllText(Repository.PathOf("docs/metrics.md"));
        Every.Of(
            lines.Concat(Lines("documented")).SelectMany(line => line.Select(entry => entry.Key)).Except(["step", "epoch"]),
            name => Assert.Contains($"| `{name}` |", page, StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_gold_reward_measures_the_same_samples_and_teaches_nothing()
    {
        await RewardAsync("learned");
        await RewardAsync("unseen", "--seed", "7");
        string[] common = ["--normalize", "none", "--checkpoints", "0.5,1"];
        await PolicyAsync("plain-run", ["--reward", tiny.Fresh("learned"), .. common]);
        string printed = await PolicyAsync(
            "gold-run", ["--reward", tiny.Fresh("learned"), "--gold", tiny.Fresh("unseen"), .. common], quiet: false);
        await PolicyAsync("swapped-run", ["--reward", tiny.Fresh("unseen"), "--gold", tiny.Fresh("learned"), .. common]);
        Assert.Equal(Weights("plain-run"), Weights("gold-run"));

        // The first collection's samples are the SFT model's, whatever the reward.
        JsonObject[] gold = Lines("gold-run");
        JsonObject[] swapped = Lines("swapped-run");
        Assert.NotEqual((double)gold[0]["objective/scores"]!, (double)gold[0]["objective/gold"]!);
        Assert.Equal((double)swapped[0]["objective/scores"]!, (double)gold[0]["objective/gold"]!, 9);
        Assert.Equal((double)gold[0]["objective/scores"]!, (double)swapped[0]["objective/gold"]!, 9);
        Assert.All(gold, line => Assert.True((double)line["objective/gold_se"]! > 0));
        Assert.False(Lines("plain-run")[0].ContainsKey("objective/gold"));

        JsonNode record = JsonNode.Parse(File.ReadAllText(tiny.Fresh("gold-run/run.json")))!;
        Assert.EndsWith("unseen/model", (string)record["gold"]![0]!["path"]!, StringComparison.Ordinal);
        Assert.Contains("gold", printed, StringComparison.Ordinal);
        string[] numbers = File.ReadAllLines(tiny.Fresh("gold-run/figures/gold.csv"));
        Assert.Equal(("collection,sqrtKl,score,gold,goldSe", 3), (numbers[0], numbers.Length));
        string page = File.ReadAllText(tiny.Fresh("gold-run/report.html"));
        Assert.Contains("gold is highest at", page, StringComparison.Ordinal);
        Assert.DoesNotContain(">Eq. (5)<", page, StringComparison.Ordinal);   // of two collections no law is fitted
        Assert.Contains("without --gold nothing says", File.ReadAllText(tiny.Fresh("plain-run/report.html")), StringComparison.Ordinal);
    }

    [Fact]
    public async Task How_scores_become_rewards_is_optional()
    {
        await RewardAsync("scores");
        string[] common = ["--reward", tiny.Fresh("scores"), "--normalize", "none", "--checkpoints", "1", "--value-warmup", "1"];
        JsonObject plain = await FirstAsync("as-they-are", common);
        double unended = 1 - (double)plain["eos_rate"]!;
        Assert.True(unended > 0);
        JsonObject penalty = await FirstAsync("penalty", [.. common, "--missing-eos-penalty", "2"]);
        Assert.Equal((double)plain["objective/scores"]! - (2 * unended), (double)penalty["objective/scores"]!, 9);
        JsonObject clipped = await FirstAsync("clipped", [.. common, "--score-clip", "1e-6", "--missing-eos-score", "-1"]);
        Assert.Equal(-unended, (double)clipped["objective/scores"]!, 5);

        // The first collection has no KL, the second has: k3 is never negative, and another number than k1.
        string[] moving = ["--reward", tiny.Fresh("scores"), "--checkpoints", "1"];
        await PolicyAsync("k1", moving);
        await PolicyAsync("k3", [.. moving, "--kl-estimator", "k3"]);
        Assert.Equal(0, (double)Lines("k3")[0]["objective/kl"]!, 6);
        Assert.True((double)Lines("k3")[1]["objective/kl"]! > 0);
        Assert.NotEqual((double)Lines("k1")[1]["objective/kl"]!, (double)Lines("k3")[1]["objective/kl"]!);
    }

    private async Task<JsonObject> FirstAsync(string run, string[] options)
    {
        await PolicyAsync(run, options);
        return Lines(run)[0];
    }

    [Fact]
    public async Task Rloo_learns_from_an_ensemble()
    {
        await RewardAsync("members", "--members", "2");
        byte[] first = File.ReadAllBytes(tiny.Fresh("members/member-1/model/model.safetensors"));
        Assert.NotEqual(first, File.ReadAllBytes(tiny.Fresh("members/member-2/model/model.safetensors")));
        await PolicyAsync("rloo", "--reward", tiny.Fresh("members"), "--method", "rloo", "--ensemble", "worst-case", "--checkpoints", "1");
        await PolicyAsync("rloo-mean", "--reward", tiny.Fresh("members"), "--method", "rloo", "--checkpoints", "1");
        JsonNode record = JsonNode.Parse(File.ReadAllText(tiny.Fresh("rloo/run.json")))!;
        Assert.Equal(("rloo", 2), ((string)record["stage"]!, record["rewards"]!.AsArray().Count));

        // The first collection has the same samples: the lowest member is below the mean.
        Assert.True((double)Lines("rloo")[0]["objective/scores"]! < (double)Lines("rloo-mean")[0]["objective/scores"]!);
        Assert.False(Lines("rloo")[0].ContainsKey("loss/value_avg"));
    }

    [Theory]
    [InlineData("expected a reward model", "--reward", "$sft")]
    [InlineData("no model folder", "--reward", "nowhere")]
    [InlineData("--ensemble needs several reward models", "--reward", "$reward", "--ensemble", "mean")]
    [InlineData("--ensemble-weight belongs to", "--reward", "$reward", "--ensemble-weight", "1")]
    [InlineData("is the same model as", "--reward", "$reward", "--gold", "$reward")]
    [InlineData("expected a reward model", "--reward", "$reward", "--gold", "$sft")]
    [InlineData(
        "--missing-eos-penalty and --missing-eos-score: give one", "--reward", "$reward", "--missing-eos-penalty", "1",
        "--missing-eos-score", "-1")]
    [InlineData("--lambda is of ppo", "--reward", "$reward", "--method", "rloo", "--lambda", "0.9")]
    [InlineData("--adaptive-horizon belongs to", "--reward", "$reward", "--adaptive-horizon", "10")]
    [InlineData("fewer than --prompts-per-collection 64", "--reward", "$reward", "--prompts-per-collection", "64")]
    [InlineData("too few for", "--reward", "$reward", "--max-new-tokens", "256")]
    public async Task Bad_input_is_code_2(string message, params string[] more)
    {
        await RewardAsync("input");
        string[] args =
        [
            .. more.Select(part => part switch { "$sft" => $"{tiny.Sft}/model", "$reward" => tiny.Fresh("input"), _ => part }),
        ];
        CommandRun run = await CommandRun.Of(
            [
                "ppo", $"{tiny.Sft}/model", "--prompts", tiny.Data("prompts"), "--out", tiny.Fresh($"bad-{message.Length}"), "--quiet",
                .. args,
            ]);
        Assert.Equal((ExitCode.BadInput, ""), (run.Code, run.Output));
        Assert.Contains(message, run.Error, StringComparison.Ordinal);
    }

    private async Task<string> UnseenAsync()
    {
        await RewardAsync("unseen-by-ppo", "--seed", "7");
        return tiny.Fresh("unseen-by-ppo");
    }

    private async Task RewardAsync(string name, params string[] more)
    {
        CommandRun run = await CommandRun.Of(
            ["reward", $"{tiny.Sft}/model", "--data", tiny.Data("preferences"), "--out", tiny.Fresh(name), .. TinyRun.Update, .. more]);
        Assert.Equal((ExitCode.Done, ""), (run.Code, run.Error));
    }

    private Task<string> PolicyAsync(string name, params string[] more) => PolicyAsync(name, more, quiet: true);

    private async Task<string> PolicyAsync(string name, string[] more, bool quiet)
    {
        CommandRun run = await CommandRun.Of(
            [
                "ppo", $"{tiny.Sft}/model", "--prompts", tiny.Data("prompts"), "--out", tiny.Fresh(name), .. Rollouts,
                .. quiet ? ["--quiet"] : (string[])[], .. more,
            ]);
        Assert.Equal((ExitCode.Done, ""), (run.Code, run.Error));
        return run.Output;
    }

    private byte[] Weights(string run) => File.ReadAllBytes(tiny.Fresh($"{run}/model/model.safetensors"));

    private JsonObject[] Lines(string run) =>
        [.. File.ReadLines(tiny.Fresh($"{run}/metrics.jsonl")).Select(line => JsonNode.Parse(line)!.AsObject())];
}
