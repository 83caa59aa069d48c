using System.Text.Json.Nodes;
using Goodhart.Models;
using Goodhart.Steps.Rows;
using Xunit;

namespace Goodhart.Cli.Tests.Stages;

/// <summary>--lora in every stage on a tiny model, and adapters wherever a model is read.</summary>
public sealed class AdapterTests(TinyRun tiny) : IClassFixture<TinyRun>
{
    private const string Lora = "r=2,alpha=4,targets=query_key_value,dense";

    private string Base => $"{tiny.Sft}/model";

    [Fact]
    public async Task Alignment_trains_an_adapter_alone_and_begins_at_its_reference()
    {
        await Must(["align", Base, tiny.Data("preferences"), "--out", tiny.Fresh("lora"), "--lora", Lora, "--resume-every", "3",
            .. TinyRun.Update]);
        await Must(["align", Base, tiny.Data("preferences"), "--out", tiny.Fresh("uncut"), "--lora", Lora, .. TinyRun.Update]);
        string model = tiny.Fresh("lora/model");
        Assert.False(File.Exists($"{model}/model.safetensors"));
        Assert.True(File.Exists($"{model}/tokenizer.json"));
        Assert.Equal(File.ReadAllBytes(tiny.Fresh("uncut/model/adapter_model.safetensors")),
            File.ReadAllBytes($"{model}/adapter_model.safetensors"));

        JsonNode config = JsonNode.Parse(File.ReadAllText($"{model}/adapter_config.json"))!;
        Assert.Equal(("LORA", "CAUSAL_LM", Path.GetFullPath(Base)), ((string)config["peft_type"]!, (string)config["task_type"]!,
            (string)config["base_model_name_or_path"]!));
        JsonObject first = Lines("lora")[0];
        Assert.Equal(Math.Log(2), (double)first["loss"]!, 6);
        Assert.Equal(0, (double)first["rewards/chosen"]!);
        Assert.NotEqual(0, (double)Lines("lora")[^1]["rewards/margins"]!);

        JsonNode adapter = JsonNode.Parse(File.ReadAllText(tiny.Fresh("lora/run.json")))!["adapter"]!;
        Assert.Equal((2, 4), ((int)adapter["rank"]!, (int)adapter["alpha"]!));

        // Two layers of width 16: A and B of 16 → 48 and of 16 → 16.
        Assert.Equal(2 * 2 * (16 + 48 + 16 + 16), (int)adapter["parameters"]!);
    }

    [Fact]
    public async Task An_adapter_is_read_wherever_a_model_is_and_merged_into_one()
    {
        await Must(["sft", tiny.Model, tiny.Data("sft"), "--out", tiny.Fresh("sft-lora"), "--lora", "r=4,targets=all-linear",
            .. TinyRun.Update]);
        string adapter = tiny.Fresh("sft-lora/model");
        await Must(["merge", adapter, "--out", tiny.Fresh("merged")]);
        Assert.True(File.Exists(tiny.Fresh("merged/tokenizer.json")));
        double[] own = await LogProbs(adapter, "own");
        double[] merged = await LogProbs(tiny.Fresh("merged"), "of-merged");
        double[] before = await LogProbs(tiny.Model, "before");
        Assert.All(own.Zip(merged), pair => Assert.Equal(pair.First, pair.Second, 1e-3));
        Assert.Contains(own.Zip(before), pair => Math.Abs(pair.First - pair.Second) > 1e-2);

        CommandRun kl = await Must(["kl", adapter, tiny.Fresh("merged"), "--prompts", tiny.Data("prompts"), "--max-new-tokens", "6",
            "--json", "--quiet"]);
        Assert.InRange((double)JsonNode.Parse(kl.Output)!["policyToReference"]!["exact"]!["nats"]!, -1e-5, 1e-5);
        await Must(["sample", adapter, "--prompts", tiny.Data("prompts"), "--out", tiny.Fresh("samples.jsonl"), "--max-new-tokens", "6",
            "--quiet"]);
        Assert.Equal(3, File.ReadAllLines(tiny.Fresh("samples.jsonl")).Length);
        await Must(["verify", adapter, "--threads", "2"]);
        await Must(
            ["evaluate", adapter, tiny.Fresh("merged"), "--reference", tiny.Model, "--prompts", tiny.Data("prompts"), "--out",
                tiny.Fresh("evaluated"),
                "--max-new-tokens", "6", "--quiet"]);
    }

    /// <summary>Its own adapter goes on, and the one that it began as is the reference.</summary>
    [Fact]
    public async Task An_adapter_of_sft_is_the_reference_of_an_adapter_of_dpo()
    {
        await Must(["sft", tiny.Model, tiny.Data("sft"), "--out", tiny.Fresh("first"), "--lora", Lora, .. TinyRun.Update]);
        string sft = tiny.Fresh("first/model");
        await Must(["align", sft, tiny.Data("preferences"), "--out", tiny.Fresh("second"), .. TinyRun.Update, "--held-out",
            tiny.Data("heldout-preferences")]);
        Assert.Equal(Math.Log(2), (double)Lines("second")[0]["loss"]!, 6);
        Assert.Equal(
            (string)JsonNode.Parse(File.ReadAllText($"{sft}/adapter_config.json"))!["base_model_name_or_path"]!,
            (string)JsonNode.Parse(File.ReadAllText(tiny.Fresh("second/model/adapter_config.json")))!["base_model_name_or_path"]!);
        Assert.NotEqual(File.ReadAllBytes($"{sft}/adapter_model.safetensors"),
            File.ReadAllBytes(tiny.Fresh("second/model/adapter_model.safetensors")));

        CommandRun twice = await CommandRun.Of(
            ["align", sft, tiny.Data("preferences"), "--out", tiny.Fresh("twice"), "--lora", Lora, .. TinyRun.Update]);
        Assert.Equal(ExitCode.BadInput, twice.Code);
        Assert.Contains("Leave --lora out to go on training it", twice.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_reward_model_and_ppo_with_adapters()
    {
        await Must(["reward", Base, "--data", tiny.Data("preferences"), "--out", tiny.Fresh("reward"), "--lora", Lora, "--resume-every",
            "2", .. TinyRun.Update]);
        await Must(["reward", Base, "--data", tiny.Data("preferences"), "--out", tiny.Fresh("reward-uncut"), "--lora", Lora,
            .. TinyRun.Update]);
        string reward = tiny.Fresh("reward/model");
        JsonNode config = JsonNode.Parse(File.ReadAllText($"{reward}/adapter_config.json"))!;
        Assert.Equal(("SEQ_CLS", "score"), ((string)config["task_type"]!, (string)config["modules_to_save"]![0]!));
        Assert.Equal(File.ReadAllBytes(tiny.Fresh("reward-uncut/model/adapter_model.safetensors")),
            File.ReadAllBytes($"{reward}/adapter_model.safetensors"));
        using (ModelFolder folder = ModelFolder.Open(reward, told: null))
        {
            Assert.Equal(OutputHead.Score, folder.Config.Head);
        }

        string[] ppo =
        [
            "--prompts", tiny.Data("prompts"), "--reward", reward, "--lora", Lora, "--collections", "2", "--prompts-per-collection", "3",
                "--samples", "2",
            "--max-new-tokens", "8", "--learning-rate", "1e-3", "--threads", "2", "--checkpoints", "1", "--quiet",
        ];
        await Must(["ppo", Base, .. ppo, "--out", tiny.Fresh("ppo")]);

        // The run's folder stands for its model, an adapter's too.
        ppo[Array.IndexOf(ppo, reward)] = tiny.Fresh("reward");
        await Must(["ppo", Base, .. ppo, "--out", tiny.Fresh("ppo-cut"), "--resume-every", "1"]);
        Assert.Equal(
            File.ReadAllBytes(tiny.Fresh("ppo/model/adapter_model.safetensors")),
                File.ReadAllBytes(tiny.Fresh("ppo-cut/model/adapter_model.safetensors")));
        Assert.Equal(0, (double)Lines("ppo")[0]["objective/kl"]!, 9);
        Assert.True((double)Lines("ppo")[1]["objective/kl"]! != 0);
    }

    /// <summary>It takes the place of the weights in the plan of memory, so it has to do so in the run.</summary>
    [Fact]
    public async Task The_value_model_of_a_policy_that_is_an_adapter_is_one_too()
    {
        await Must(["sft", tiny.Model, tiny.Data("sft"), "--out", tiny.Fresh("policy"), "--lora", Lora, .. TinyRun.Update]);
        await Must(["reward", Base, "--data", tiny.Data("preferences"), "--out", tiny.Fresh("whole-reward"), .. TinyRun.Update]);
        string[] ppo =
        [
            "ppo", tiny.Fresh("policy/model"), "--prompts", tiny.Data("prompts"), "--reward", tiny.Fresh("whole-reward"), "--collections",
            "2", "--prompts-per-collection", "3", "--samples", "2", "--max-new-tokens", "8", "--threads", "2", "--quiet",
        ];
        await Must([.. ppo, "--out", tiny.Fresh("own"), "--checkpoints", "1"]);
        await Must([.. ppo, "--out", tiny.Fresh("own-cut"), "--checkpoints", "1", "--resume-every", "1"]);
        Assert.Equal(
            File.ReadAllBytes(tiny.Fresh("own/model/adapter_model.safetensors")),
            File.ReadAllBytes(tiny.Fresh("own-cut/model/adapter_model.safetensors")));
        string[] values = Directory.GetDirectories(tiny.Fresh("own/steps"), "value", SearchOption.AllDirectories);
        Assert.NotEmpty(values);
        Assert.All(values, value => Assert.True(File.Exists($"{value}/adapter_model.safetensors")));
    }

    /// <summary>A base whose end of text stands in config.json alone, with templates of every kind.</summary>
    [Fact]
    public async Task An_adapters_folder_has_all_that_its_bases_tokenizer_needs()
    {
        string model = tiny.Fresh("bare");
        Directory.CreateDirectory($"{model}/additional_chat_templates");
        foreach (string name in (string[])["config.json", "model.safetensors", "tokenizer.json"])
        {
            File.Copy($"{tiny.Model}/{name}", $"{model}/{name}");
        }

        File.WriteAllText($"{model}/chat_template.json", "{\"chat_template\": \"{{ messages[0].content }}\"}");
        File.WriteAllText($"{model}/additional_chat_templates/tool_use.jinja", "{{ messages[0].content }}");
        await Must(["sft", model, tiny.Data("sft"), "--out", tiny.Fresh("of-bare"), "--lora", Lora, .. TinyRun.Update]);
        string adapter = tiny.Fresh("of-bare/model");
        Assert.True(File.Exists($"{adapter}/chat_template.json"));
        Assert.True(File.Exists($"{adapter}/additional_chat_templates/tool_use.jinja"));
        await Must(["sample", adapter, "--prompts", tiny.Data("prompts"), "--max-new-tokens", "4", "--quiet"]);

        // What says where responses end is part of the rows' key.
        Assert.Contains(TokenizerFiles.Of(adapter, ChatStyle.Usual, told: null).Files, file => file.Path == $"{model}/config.json");

        File.WriteAllText($"{adapter}/chat_template.jinja", "{{ messages[0].role }}");
        await Must(["average", adapter, adapter, "--out", tiny.Fresh("averaged")]);
        Assert.True(File.Exists(tiny.Fresh("averaged/chat_template.jinja")));
    }

    [Theory]
    [InlineData("r=0", "r: expected a whole number >= 1, found '0'")]
    [InlineData("rank=8", "expected one of the keys r, alpha, targets, exclude, rslora, init, found 'rank'")]
    [InlineData("r=8,r=4", "found r twice")]
    [InlineData("8", "expected KEY=VALUE")]
    [InlineData("r=8,dropout=0.1", "there is no dropout")]
    [InlineData("use_dora=true", "DoRA is not supported")]
    [InlineData("targets=q_proj", "expected some of query_key_value, dense, dense_h_to_4h, dense_4h_to_h, or all-linear, found 'q_proj'")]
    [InlineData("exclude=densee", "--lora exclude: expected some of query_key_value, dense, dense_h_to_4h, dense_4h_to_h, found 'densee'")]
    [InlineData("init=pissa", "expected true or gaussian")]
    public async Task What_no_adapter_can_be_is_refused(string lora, string message)
    {
        CommandRun run = await CommandRun.Of(
            ["align", Base, tiny.Data("preferences"), "--out", tiny.Fresh("refused"), "--lora", lora, .. TinyRun.Update]);
        Assert.Equal(ExitCode.BadInput, run.Code);
        Assert.Contains(message, run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_reference_that_moves_does_not_go_with_an_adapter()
    {
        CommandRun run = await CommandRun.Of(
            ["align", Base, tiny.Data("preferences"), "--out", tiny.Fresh("moving"), "--lora", Lora, "--remedy", "tr-dpo",
                .. TinyRun.Update]);
        Assert.Equal(ExitCode.BadInput, run.Code);
        Assert.Contains("tr-dpo moves all weights of the reference", run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_base_that_is_gone_is_named()
    {
        await Must(["sft", tiny.Model, tiny.Data("sft"), "--out", tiny.Fresh("orphan"), "--lora", Lora, .. TinyRun.Update]);
        string config = tiny.Fresh("orphan/model/adapter_config.json");
        File.WriteAllText(config, File.ReadAllText(config).Replace("/tiny\"", "/nowhere\"", StringComparison.Ordinal));
        CommandRun run = await CommandRun.Of("sample", tiny.Fresh("orphan/model"), "--prompts", tiny.Data("prompts"));
        Assert.Equal(ExitCode.BadInput, run.Code);
        Assert.Contains("there is no such model folder", run.Error, StringComparison.Ordinal);
    }

    private async Task<double[]> LogProbs(string model, string name)
    {
        string rows = tiny.Fresh("responses.jsonl");
        File.WriteAllLines(rows, File.ReadLines(tiny.Data("preferences")).Select(line => JsonNode.Parse(line)!).Select(
            row => new JsonObject { ["prompt"] = (string)row["prompt"]!, ["response"] = (string)row["chosen"]! }.ToJsonString()));
        await Must(["score", model, "--data", rows, "--out", tiny.Fresh($"{name}.jsonl"), "--quiet"]);
        return [.. File.ReadLines(tiny.Fresh($"{name}.jsonl")).Select(line => (double)JsonNode.Parse(line)!["logProb"]!)];
    }

    private static async Task<CommandRun> Must(string[] args)
    {
        CommandRun run = await CommandRun.Of(args);
        Assert.True(run.Code == ExitCode.Done, run.Error);
        return run;
    }

    private JsonObject[] Lines(string run) =>
        [.. File.ReadLines(tiny.Fresh($"{run}/metrics.jsonl")).Select(line => JsonNode.Parse(line)!.AsObject())];
}
