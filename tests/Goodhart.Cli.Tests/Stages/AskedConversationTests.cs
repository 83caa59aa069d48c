using System.Text.Json.Nodes;
using Xunit;

namespace Goodhart.Cli.Tests.Stages;

/// <summary>
/// Judges, win rates and audits read conversations as the model was asked: as the same conversations, written out, are read.
/// </summary>
public sealed class AskedConversationTests : IAsyncLifetime, IDisposable
{
    private const string Template =
        "{% for m in messages %}<{{ m.role }}>{{ m.content }}{% if m.role == 'assistant' %}{{ eos_token }}{% endif %}{% endfor %}"
        + "{% if add_generation_prompt %}<assistant>{% endif %}";

    private static readonly string[] Update =
        ["--batch-size", "1", "--checkpoints", "1", "--warmup-steps", "0", "--learning-rate", "1e-3", "--max-tokens", "200", "--quiet"];

    private readonly TemporaryFolder folder = new();

    private string Model => folder.Path("model");

    private string Chats => folder.Path("chats.jsonl");

    private string Texts => folder.Path("texts.jsonl");

    public async Task InitializeAsync()
    {
        (string Asked, string Good, string Bad)[] rows =
        [
            ("Name a river.", "The Loire.", "River is wet."), ("Name a hill.", "Ben Nevis it is.", "No."), ("And a sea?", "Aral.", "Seas?"),
        ];
        folder.Write("chats.jsonl", string.Concat(rows.Select(row => new JsonObject
        {
            ["prompt"] = new JsonArray(Turn("user", row.Asked)),
            ["chosen"] = new JsonArray(Turn("assistant", row.Good)),
            ["rejected"] = new JsonArray(Turn("assistant", row.Bad)),
        }.ToJsonString() + "\n")));
        folder.Write("texts.jsonl", string.Concat(rows.Select(row => new JsonObject
        {
            ["prompt"] = $"<user>{row.Asked}<assistant>",
            ["chosen"] = row.Good,
            ["rejected"] = row.Bad,
        }.ToJsonString() + "\n")));
        await Init("qwen2-style", Model, """{"eos_token":"<|endoftext|>"}""");
    }

    public Task DisposeAsync() => Task.CompletedTask;

    public void Dispose() => folder.Dispose();

    [Fact]
    public async Task A_reward_model_judges_what_the_policy_was_asked()
    {
        await Must(["reward", Model, "--data", Chats, "--out", folder.Path("reward"), .. Update]);
        string[] judged =
        [
            "--reference", Model, "--max-new-tokens", "4", "--judge", "reward", "--reward-model", folder.Path("reward/model"), "--quiet",
            "--prompts",
        ];
        await Must(["evaluate", Model, .. judged, Chats, "--out", folder.Path("chats")]);
        await Must(["evaluate", Model, .. judged, Texts, "--out", folder.Path("texts")]);
        string[] verdicts = File.ReadAllLines(folder.Path("chats/verdicts.jsonl"));
        Assert.Equal(File.ReadAllLines(folder.Path("texts/verdicts.jsonl")), verdicts);
        Assert.Equal(
            ["<user>Name a river.<assistant>", "<user>Name a hill.<assistant>", "<user>And a sea?<assistant>"],
            verdicts.Select(line => (string)JsonNode.Parse(line)!["prompt"]!).Distinct());
        Assert.Equal(
            ["The Loire.", "Ben Nevis it is.", "Aral."], verdicts.Select(line => (string)JsonNode.Parse(line)!["b"]!).Distinct());

        // A judge that was trained on other texts would score what it never saw.
        await Must(["reward", Model, "--data", Chats, "--out", folder.Path("plain"), .. Update, "--chat-template", "plain"]);
        await Must(["sft", Model, Chats, "--out", folder.Path("sft"), .. Update]);
        CommandRun mixed = await CommandRun.Of(
            "evaluate", folder.Path("sft/model"), "--reference", Model, "--prompts", Chats, "--max-new-tokens", "2", "--judge", "reward",
            "--reward-model", folder.Path("plain/model"), "--out", folder.Path("mixed"));
        Assert.Equal(ExitCode.BadInput, mixed.Code);
        Assert.Contains("written in different ways", mixed.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Win_rates_find_a_data_sets_conversations_by_what_the_model_was_asked()
    {
        await Must(["reward", Model, "--data", Chats, "--out", folder.Path("reward"), .. Update]);
        await Must("sample", Model, "--prompts", Chats, "--max-new-tokens", "4", "--out", folder.Path("a.jsonl"), "--quiet");
        string[] winrate = ["winrate", folder.Path("a.jsonl"), Chats, "--judge", "reward", "--reward-model", folder.Path("reward/model")];
        CommandRun plain = await CommandRun.Of(winrate);
        Assert.Equal(ExitCode.BadInput, plain.Code);
        Assert.Contains("--model", plain.Error, StringComparison.Ordinal);
        CommandRun asked = await Must([.. winrate, "--model", Model, "--json"]);
        CommandRun texts = await Must([.. winrate.Select(word => word == Chats ? Texts : word), "--json"]);
        Assert.Equal(
            (double)JsonNode.Parse(texts.Output)!["comparisons"]![0]!["winRate"]!["rate"]!,
            (double)JsonNode.Parse(asked.Output)!["comparisons"]![0]!["winRate"]!["rate"]!);
        await RefusesATemplateAlone(winrate, "--model");
    }

    [Fact]
    public async Task An_audit_counts_the_tokens_of_what_is_trained_on()
    {
        folder.Write("written.jsonl", File.ReadAllText(Texts).Replace(".\"", ".<|endoftext|>\"", StringComparison.Ordinal)
            .Replace("?\"}", "?<|endoftext|>\"}", StringComparison.Ordinal));
        string[] inspect = ["data", "inspect", "--tokenizer", Model, "--json"];
        JsonNode chats = JsonNode.Parse((await Must([.. inspect, Chats])).Output)!;
        JsonNode texts = JsonNode.Parse((await Must([.. inspect, folder.Path("written.jsonl")])).Output)!;
        Assert.Equal(texts["lengths"]!.ToJsonString(), chats["lengths"]!.ToJsonString());
        Assert.Contains("model's (", (string)chats["shape"]!, StringComparison.Ordinal);
        JsonNode plain = JsonNode.Parse((await Must([.. inspect, Chats, "--chat-template", "plain"])).Output)!;
        Assert.NotEqual(texts["lengths"]!.ToJsonString(), plain["lengths"]!.ToJsonString());
        await RefusesATemplateAlone(["data", "inspect", Chats], "--tokenizer");
    }

    [Fact]
    public async Task A_template_without_a_beginning_is_sampled_from_without_one()
    {
        string model = folder.Path("begun");
        await Init("llama3-style", model, """{"bos_token":"<|begin_of_text|>","eos_token":"<|end_of_text|>"}""");
        await Must(["sft", model, Chats, "--out", folder.Path("sft"), .. Update]);
        int[] ids = await Asked(Chats);
        int[] begun = await Asked(Texts);
        Assert.Equal((int[])[768, .. ids], begun);   // a text is begun by BOS

        async Task<int[]> Asked(string prompts)
        {
            CommandRun run = await Must("sample", folder.Path("sft/model"), "--prompts", prompts, "--max-new-tokens", "2");
            return [.. JsonNode.Parse(run.Output.Split('\n')[0])!["promptIds"]!.AsArray().Select(id => (int)id!)];
        }
    }

    private static async Task RefusesATemplateAlone(string[] command, string needed)
    {
        CommandRun alone = await CommandRun.Of([.. command, "--chat-template", "model"]);
        Assert.Equal(ExitCode.BadInput, alone.Code);
        Assert.Contains($"--chat-template says how a model is asked; name the folder with its tokenizer: {needed}", alone.Error,
            StringComparison.Ordinal);
    }

    private async Task Init(string tokenizer, string model, string config)
    {
        string words = folder.Path(tokenizer);
        Directory.CreateDirectory(words);
        File.Copy(Repository.PathOf($"tests/golden/tokenizer/variants/{tokenizer}.json"), Path.Combine(words, "tokenizer.json"));
        File.WriteAllText(Path.Combine(words, "tokenizer_config.json"), config);
        File.WriteAllText(Path.Combine(words, "chat_template.jinja"), Template);
        await Must(
            "init", "--out", model, "--tokenizer", words, "--hidden-size", "16", "--layers", "1", "--heads", "2", "--max-positions", "256");
    }

    private static JsonObject Turn(string role, string content) => new() { ["role"] = role, ["content"] = content };

    private static async Task<CommandRun> Must(params string[] args)
    {
        CommandRun run = await CommandRun.Of(args);
        Assert.True(run.Code == ExitCode.Done, $"{string.Join(' ', args)}: {run}");
        return run;
    }
}
