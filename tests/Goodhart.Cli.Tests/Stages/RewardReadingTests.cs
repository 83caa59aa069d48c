using System.Globalization;
using System.Text.Json.Nodes;
using Goodhart.Engine.Cpu;
using Goodhart.Evaluation.Judges;
using Goodhart.Models;
using Goodhart.Models.Rewards;
using Goodhart.Models.Scoring;
using Goodhart.Steps.Judging;
using Goodhart.Text.Tokenizers;
using Xunit;

namespace Goodhart.Cli.Tests.Stages;

/// <summary>
/// A reward model reads a conversation in one way: where it is trained, where it is measured, where it judges and where a policy is
/// trained on it. The template begins with no BOS, though the tokenizer has one, and writes a line feed behind the end of an answer, as ChatML does.
/// </summary>
public sealed class RewardReadingTests : IAsyncLifetime, IDisposable
{
    private const int Begin = 768;
    private const int End = 769;

    private const string Template =
        "{% for m in messages %}<{{ m.role }}>\n{{ m.content }}<|end_of_text|>\n{% endfor %}"
        + "{% if add_generation_prompt %}<assistant>\n{% endif %}";

    private const string Prompt = "<user>\nName a river.<|end_of_text|>\n<assistant>\n";

    private readonly TemporaryFolder folder = new();

    private string Reward => folder.Path("reward/model");

    public async Task InitializeAsync()
    {
        folder.Write(
            "chats.jsonl",
            """{"prompt":[{"role":"user","content":"Name a river."}],"chosen":[{"role":"assistant","content":"The Loire."}],"""
            + """ "rejected":[{"role":"assistant","content":"River is wet."}]}"""
            + "\n");
        folder.Write("texts.jsonl", """{"prompt":"Name a river.","chosen":" The Loire.","rejected":" River is wet."}""" + "\n");
        Directory.CreateDirectory(folder.Path("tokenizer"));
        File.Copy(Repository.PathOf("tests/golden/tokenizer/variants/llama3-style.json"), folder.Path("tokenizer/tokenizer.json"));
        folder.Write("tokenizer/tokenizer_config.json", """{"bos_token":"<|begin_of_text|>","eos_token":"<|end_of_text|>"}""");
        folder.Write("tokenizer/chat_template.jinja", Template);
        await Must(
            "init", "--out", folder.Path("model"), "--tokenizer", folder.Path("tokenizer"), "--architecture", "llama",
            "--hidden-size", "16", "--layers", "1", "--heads", "2", "--max-positions", "256");
    }

    public Task DisposeAsync() => Task.CompletedTask;

    public void Dispose() => folder.Dispose();

    [Fact]
    public async Task Conversations_are_judged_and_sampled_as_they_were_trained_on()
    {
        (double chosen, double rejected) = await Train("chats.jsonl");
        using CpuDevice device = new(1);
        Assert.Equal([chosen, rejected], Judge(device, writtenByTemplate: true));
        Assert.Equal([chosen, rejected], Judge(device, writtenByTemplate: false));   // its own record says so

        // What a policy samples: the prompt as it is asked, and an answer that ends with EOS.
        ITokenizer words = TokenizerFile.Open(Reward);
        using LanguageModel model = ModelFolder.Load(device, Reward, training: false, OutputHead.Score);
        using RewardScorer scorer = new(model);
        int[] prompt = words.Encode(Prompt);
        int[][] sampled = [[.. words.Encode("The Loire."), End], [.. words.Encode("River is wet."), End]];
        Assert.NotEqual(Begin, prompt[0]);
        Assert.Equal([chosen, rejected], scorer.Rewards([new PromptTree(prompt, sampled)])[0]);

        // A reward model of another tool has no record: what is known of the prompts decides.
        File.Delete(Path.Combine(Reward, "goodhart_chat.json"));
        Assert.Equal([chosen, rejected], Judge(device, writtenByTemplate: true));
        Assert.NotEqual([chosen, rejected], Judge(device, writtenByTemplate: false));
    }

    [Theory]
    [InlineData(false, false)]
    [InlineData(true, false)]
    [InlineData(true, true)]
    public async Task Texts_are_judged_as_they_were_trained_on(bool isTrunkOfChats, bool isAdapter)
    {
        string trunk = isTrunkOfChats ? await TrunkOfChats("model") : folder.Path("model");
        (double chosen, double rejected) = await Train("texts.jsonl", trunk, isAdapter ? ["--lora", "r=2"] : []);
        Assert.Equal([chosen, rejected], JudgeTexts());
        Assert.False(File.Exists(Path.Combine(Reward, "goodhart_chat.json")));
        if (isAdapter)
        {
            // As another tool leaves it: what is said of its base is not said of its own rows.
            File.Delete(Path.Combine(Reward, "tokenizer.json"));
            Assert.Equal([chosen, rejected], JudgeTexts());
            await Must("merge", Reward, "--out", folder.Path("merged"));
            Assert.False(File.Exists(folder.Path("merged/goodhart_chat.json")));
        }
    }

    [Fact]
    public async Task A_reward_model_of_texts_says_nothing_of_how_conversations_are_asked()
    {
        await Train("texts.jsonl", await TrunkOfChats("plain"));
        string model = folder.Path("model");
        await Must(
            "evaluate", model, "--reference", model, "--prompts", folder.Path("chats.jsonl"), "--max-new-tokens", "2", "--judge", "reward",
            "--reward-model", Reward, "--out", folder.Path("judged"), "--quiet");
        Assert.Equal(Prompt, (string)JsonNode.Parse(File.ReadAllLines(folder.Path("judged/verdicts.jsonl"))[0])!["prompt"]!);
    }

    [Fact]
    public async Task An_average_of_reward_models_has_a_record_where_all_of_them_do()
    {
        await Train("chats.jsonl");
        Directory.Move(folder.Path("reward"), folder.Path("of-chats"));
        await Train("texts.jsonl");
        string chats = folder.Path("of-chats/model");
        CommandRun mixed = await Must("average", chats, Reward, "--out", folder.Path("mixed"));
        Assert.Contains("does not say that it was", mixed.Error, StringComparison.Ordinal);
        Assert.False(File.Exists(folder.Path("mixed/goodhart_chat.json")));
        await Must("average", chats, chats, "--out", folder.Path("alike"));
        Assert.True(File.Exists(folder.Path("alike/goodhart_chat.json")));
    }

    [Fact]
    public async Task A_judge_of_two_files_of_samples_reads_them_so()
    {
        await Train("chats.jsonl");
        string a = folder.Write("a.jsonl", new JsonObject { ["prompt"] = Prompt, ["response"] = "The Loire." }.ToJsonString());
        string b = folder.Write("b.jsonl", new JsonObject { ["prompt"] = Prompt, ["response"] = "River is wet." }.ToJsonString());
        string[] winrate = ["winrate", a, "--judge", "reward", "--reward-model", Reward, "--json", "--quiet"];
        double samples = Rate(await Must([.. winrate, b]));
        Assert.Equal(1 - samples, Rate(await Must([.. winrate.Select(word => word == a ? b : word), a])));
        string messages = folder.Write(
            "messages.jsonl", """{"prompt":[{"role":"user","content":"Name a river."}],"response":"River is wet."}""");
        Assert.Equal(samples, Rate(await Must([.. winrate, messages, "--model", folder.Path("model")])));
    }

    private static double Rate(CommandRun run) => (double)JsonNode.Parse(run.Output)!["comparisons"]![0]!["winRate"]!["rate"]!;

    private static PromptedResponse[] Responses(string prompt, string chosen, string rejected, bool writtenByTemplate) =>
    [
        new(prompt, JudgedResponse.Of(chosen), writtenByTemplate), new(prompt, JudgedResponse.Of(rejected), writtenByTemplate),
    ];

    private IReadOnlyList<double> Judge(CpuDevice device, bool writtenByTemplate)
    {
        using RewardModelScorer scorer = new(device, Reward, told: null);
        return scorer.Score(Responses(Prompt, "The Loire.", "River is wet.", writtenByTemplate), default);
    }

    private IReadOnlyList<double> JudgeTexts()
    {
        using CpuDevice device = new(1);
        using RewardModelScorer scorer = new(device, Reward, told: null);
        return scorer.Score(Responses("Name a river.", " The Loire.", " River is wet.", false), default);
    }

    /// <summary>A language model with a record.</summary>
    private async Task<string> TrunkOfChats(string template)
    {
        await Must(
            "sft", folder.Path("model"), folder.Path("chats.jsonl"), "--out", folder.Path("chat"), "--batch-size", "1", "--checkpoints",
            "1", "--warmup-steps", "0", "--learning-rate", "1e-3", "--max-tokens", "200", "--chat-template", template, "--quiet");
        Assert.True(File.Exists(folder.Path("chat/model/goodhart_chat.json")));
        return folder.Path("chat/model");
    }

    /// <summary>Trains on a pair, and has the rewards of its responses when it is measured on it.</summary>
    private async Task<(double Chosen, double Rejected)> Train(string pairs, string? trunk = null, params string[] options)
    {
        string twice = folder.Write("held-out.jsonl", string.Concat(Enumerable.Repeat(File.ReadAllText(folder.Path(pairs)), 2)));
        await Must([
            "reward", trunk ?? folder.Path("model"), "--data", folder.Path(pairs), "--held-out", twice, "--out", folder.Path("reward"),
            "--batch-size", "1", "--checkpoints", "1", "--warmup-steps", "0", "--learning-rate", "1e-3", "--max-tokens", "200", "--quiet",
            .. options,
        ]);
        JsonNode quality = JsonNode.Parse(File.ReadAllText(folder.Path("reward/evaluation.json")))![0]!;
        (double chosen, double rejected) = ((double)quality["chosen"]!["mean"]!, (double)quality["rejected"]!["mean"]!);
        Assert.True(chosen != rejected, chosen.ToString(CultureInfo.InvariantCulture));
        return (chosen, rejected);
    }

    private static async Task<CommandRun> Must(params string[] args)
    {
        CommandRun run = await CommandRun.Of(args);
        Assert.True(run.Code == ExitCode.Done, $"{string.Join(' ', args)}: {run}");
        return run;
    }
}
