using System.Text.Json.Nodes;
using Xunit;

namespace Goodhart.Cli.Tests.Stages;

/// <summary>
/// Every verb that takes prompts asks what training asks. A file of dialogues beside a text <c>prompt</c> is read by each verb, and so is a
/// file of the same prompts written out as texts: what comes of both has to be the same.
/// </summary>
public sealed class PromptReadingTests : IAsyncLifetime, IDisposable
{
    private const string Turns =
        """{"role":"system","content":"Answer in one word."},{"role":"user","content":"Hello"},{"role":"assistant","content":"Hi!"}""";

    private static readonly (string Question, string Good, string Bad)[] Rows =
    [
        ("Name a river in France.", "The Loire.", "River is wet."), ("How do bees find flowers?", "By scent.", "They fly."),
        ("What does a baker do?", "Bakes bread.", "Something."), ("Is glass a liquid?", "No.", "Yes it drips."),
    ];

    private static readonly string[] Training =
        ["--batch-size", "2", "--warmup-steps", "0", "--learning-rate", "1e-3", "--max-tokens", "200", "--quiet"];

    private static readonly string[] Rollouts = ["--max-new-tokens", "4", "--quiet"];

    private readonly TemporaryFolder folder = new();

    private string Model => folder.Path("model");

    public async Task InitializeAsync()
    {
        folder.Write("dialogues.jsonl", string.Concat(Rows.Select(row =>
            $$"""{"prompt":"Hello","chosen":[{{Turns}},{{User(row.Question)}},{{Assistant(row.Good)}}],"rejected":[{{Turns}},{{User(row.Question)}},{{Assistant(row.Bad)}}]}""" + "\n")));
        folder.Write("texts.jsonl", string.Concat(Rows.Select(row =>
            $$"""{"prompt":"{{Prompt(row.Question)}}","chosen":" {{row.Good}}","rejected":" {{row.Bad}}"}""" + "\n")));
        Directory.CreateDirectory(folder.Path("tokenizer"));
        File.Copy(Repository.PathOf("tests/golden/tokenizer/variants/gpt2-style.json"), folder.Path("tokenizer/tokenizer.json"));
        folder.Write("tokenizer/tokenizer_config.json", """{"eos_token":"<|endoftext|>"}""");
        await Must(
            "init", "--out", Model, "--tokenizer", folder.Path("tokenizer"), "--hidden-size", "16", "--layers", "1", "--heads", "2",
            "--max-positions", "256");
    }

    public Task DisposeAsync() => Task.CompletedTask;

    public void Dispose() => folder.Dispose();

    [Fact]
    public async Task Sample()
    {
        string[] both = [await Sampled("dialogues"), await Sampled("texts")];
        Assert.Equal(both[1], both[0]);
        Assert.Equal(
            Rows.Select(row => Prompt(row.Question).Replace("\\n", "\n", StringComparison.Ordinal)),
            both[0].Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => (string)JsonNode.Parse(line)!["prompt"]!));

        async Task<string> Sampled(string file) => (await Must(["sample", Model, "--prompts", FileOf(file), .. Rollouts])).Output;
    }

    [Fact]
    public Task Kl() =>
        SameAsync("kl.jsonl", (file, to) => ["kl", Model, Model, "--prompts", file, "--out", to + "/kl.jsonl", .. Rollouts]);

    [Fact]
    public Task Softq() => SameAsync(
        null,
        (file, _) => ["softq", Model, Model, "--beta", "0.1", "--prompts", file, "--data", file, "--pairs", "2", "--json", .. Rollouts]);

    [Fact]
    public Task Sft() => SameAsync("metrics.jsonl", (file, to) => ["sft", Model, file, "--out", to, .. Training]);

    [Fact]
    public Task Align() => SameAsync("metrics.jsonl", (file, to) => ["align", Model, file, "--out", to, "--checkpoints", "1", .. Training]);

    [Fact]
    public async Task Evaluate_on_a_judge()
    {
        await RewardAsync();
        await SameAsync("points.csv", (file, to) =>
        [
            "evaluate", Model, "--reference", Model, "--prompts", file, "--out", to, "--judge", "reward", "--reward-model",
            folder.Path("reward/model"), .. Rollouts,
        ]);
    }

    [Fact]
    public async Task Ppo()
    {
        await RewardAsync();
        await SameAsync("metrics.jsonl", (file, to) =>
            [
                "ppo", Model, "--reward", folder.Path("reward/model"), "--prompts", file, "--out", to, "--collections", "2",
                "--prompts-per-collection", "2", "--samples", "2", "--checkpoints", "1", .. Rollouts,
            ]);
    }

    [Fact]
    public async Task Align_until_the_peak()
    {
        await RewardAsync();
        string[] watch =
            [
                "--stop-at-peak", "--judge", "reward", "--reward-model", folder.Path("reward/model"), "--max-new-tokens", "4",
                "--checkpoints", "0.5,1",
            ];
        JsonNode[] stops = [await Stop("dialogues"), await Stop("texts")];
        Assert.True(JsonNode.DeepEquals(stops[1], stops[0]), $"{stops[0]}\n{stops[1]}");

        async Task<JsonNode> Stop(string file)
        {
            string to = folder.Path($"peak-{file}");
            await Must(["align", Model, FileOf("texts"), "--prompts", FileOf(file), "--out", to, .. Training, .. watch]);
            return JsonNode.Parse(File.ReadAllText($"{to}/run.json"))!["stop"]!["measured"]!;
        }
    }

    [Fact]
    public async Task A_study()
    {
        await SameAsync("points.csv", (file, to) =>
        [
            "study", "--preset", "pythia-tldr-clean", "--out", to, "--quiet", .. ((string[])
            [
                $"models=[{{name: own, from: {Model}}}]", $"data.preferences={file}", $"data.heldOut={file}", $"data.sft={file}",
                "data.prompt={maxTokens: 200, truncate: keepEnd}", "judge=none", "sft.batchSize=2", "align.batchSize=2",
                "align.losses=[dpo]", "align.betas=[0.1]", "align.checkpoints=[1]", "evaluate.prompts=4", "evaluate.heldOutPairs=4",
                "evaluate.maxNewTokens=4",
            ]).SelectMany(setting => (string[])["--set", setting]),
        ]);
        Assert.Equal(
            Rows.Select(row => Prompt(row.Question).Replace("\\n", "\n", StringComparison.Ordinal)).Order(StringComparer.Ordinal),
            File.ReadLines(folder.Path("out-dialogues/prompts.jsonl"))
                .Select(line => ((string)JsonNode.Parse(line)!["prompt"]!)[1..])   // after the blank that this tokenizer begins with
                .Order(StringComparer.Ordinal));
    }

    private static string Prompt(string question) =>
        $@"\n\nSystem: Answer in one word.\n\nHuman: Hello\n\nAssistant: Hi!\n\nHuman: {question}\n\nAssistant:";

    private static string User(string text) => $$"""{"role":"user","content":"{{text}}"}""";

    private static string Assistant(string text) => $$"""{"role":"assistant","content":"{{text}}"}""";

    private Task<CommandRun> RewardAsync() =>
        Must(["reward", Model, "--data", FileOf("texts"), "--out", folder.Path("reward"), .. Training]);

    /// <summary>Runs a verb on the dialogues and on their texts, and compares a file that it writes, or what it prints.</summary>
    private async Task SameAsync(string? written, Func<string, string, string[]> command)
    {
        List<string> results = [];
        foreach (string file in (string[])["dialogues", "texts"])
        {
            string to = folder.Path($"out-{file}");
            CommandRun run = await Must(command(FileOf(file), to));
            results.Add(written is null ? run.Output : File.ReadAllText($"{to}/{written}"));
        }

        Assert.NotEmpty(results[0]);
        Assert.Equal(results[1], results[0]);
    }

    private string FileOf(string name) => folder.Path(name + ".jsonl");

    private static async Task<CommandRun> Must(params string[] args)
    {
        CommandRun run = await CommandRun.Of(args);
        Assert.Equal((ExitCode.Done, ""), (run.Code, run.Error));
        return run;
    }
}
