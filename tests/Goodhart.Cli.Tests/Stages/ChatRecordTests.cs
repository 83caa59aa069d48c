using System.Text.Json.Nodes;
using Xunit;

namespace Goodhart.Cli.Tests.Stages;

/// <summary>A trained model's folder says how its conversations were written, and who reads conversations for it writes them so.</summary>
public sealed class ChatRecordTests : IAsyncLifetime, IDisposable
{
    private const string Template =
        "{% for m in messages %}<{{ m.role }}>{{ m.content }}{% if m.role == 'assistant' %}{{ eos_token }}{% endif %}{% endfor %}"
        + "{% if add_generation_prompt %}<assistant>{% endif %}";

    private const string Plain = "\n\nHuman: Name a river.\n\nAssistant:";

    private static readonly string[] Update =
        ["--batch-size", "1", "--checkpoints", "1", "--warmup-steps", "0", "--learning-rate", "1e-3", "--max-tokens", "200"];

    private readonly TemporaryFolder folder = new();

    private string Model => folder.Path("model");

    private string Chats => folder.Path("chats.jsonl");

    public async Task InitializeAsync()
    {
        folder.Write(
            "chats.jsonl",
            """{"prompt":[{"role":"user","content":"Name a river."}],"chosen":[{"role":"assistant","content":"The Loire."}],"""
            + """ "rejected":[{"role":"assistant","content":"River is wet."}]}"""
            + "\n");
        folder.Write("texts.jsonl", """{"prompt":"Name a river.","chosen":" The Loire.","rejected":" River is wet."}""" + "\n");
        Directory.CreateDirectory(folder.Path("tokenizer"));
        File.Copy(Repository.PathOf("tests/golden/tokenizer/variants/qwen2-style.json"), folder.Path("tokenizer/tokenizer.json"));
        folder.Write("tokenizer/tokenizer_config.json", """{"eos_token":"<|endoftext|>"}""");
        folder.Write("tokenizer/chat_template.jinja", Template);
        folder.Write("own.jinja", "[own]" + Template);
        await Must(
            "init", "--out", Model, "--tokenizer", folder.Path("tokenizer"), "--hidden-size", "16", "--layers", "1", "--heads", "2",
            "--max-positions", "256");
    }

    public Task DisposeAsync() => Task.CompletedTask;

    public void Dispose() => folder.Dispose();

    [Theory]
    [InlineData("plain", Plain)]
    [InlineData("model", "<user>Name a river.<assistant>")]
    [InlineData("own.jinja", "[own]<user>Name a river.<assistant>")]
    public async Task Sampling_asks_as_training_was_told(string template, string prompt)
    {
        string option = template.Contains('.', StringComparison.Ordinal) ? folder.Path(template) : template;
        await Must(["sft", Model, Chats, "--out", folder.Path("sft"), .. Update, "--chat-template", option]);
        await Must(["align", folder.Path("sft/model"), Chats, "--out", folder.Path("dpo"), .. Update]);
        foreach (string trained in (string[])["sft/model", "dpo/model", "dpo/checkpoints/step-1"])
        {
            CommandRun run = await Must("sample", folder.Path(trained), "--prompts", Chats, "--max-new-tokens", "2");
            Assert.Equal(prompt, (string)JsonNode.Parse(run.Output)!["prompt"]!);
            Assert.Equal(
                template != "model",
                run.Error.Contains("as the model was trained (goodhart_chat.json)", StringComparison.Ordinal));
            CommandRun other = await Must(
                "sample", folder.Path(trained), "--prompts", Chats, "--max-new-tokens", "2", "--chat-template", "plain");
            Assert.Equal(Plain, (string)JsonNode.Parse(other.Output)!["prompt"]!);
        }

        JsonNode said = JsonNode.Parse(File.ReadAllText(folder.Path("dpo/run.json")))!["data"]!;
        Assert.Equal(template == "plain", said["chatTemplate"] is null);
    }

    [Fact]
    public async Task What_measures_a_model_reads_as_it_was_trained_and_two_that_differ_are_refused()
    {
        await Must(["sft", Model, Chats, "--out", folder.Path("plain"), .. Update, "--chat-template", "plain"]);
        await Must(["sft", Model, Chats, "--out", folder.Path("own"), .. Update, "--chat-template", folder.Path("own.jinja")]);
        string[] prompts = ["--prompts", Chats, "--max-new-tokens", "2"];
        string[] one = ["evaluate", folder.Path("plain/model"), "--reference", Model, .. prompts, "--out"];
        await Must([.. one, folder.Path("as-trained")]);
        await Must([.. one, folder.Path("told"), "--chat-template", "plain"]);
        Assert.Equal(
            File.ReadAllText(folder.Path("told/evaluation.csv")), File.ReadAllText(folder.Path("as-trained/evaluation.csv")));

        CommandRun two = await CommandRun.Of(
            "evaluate", folder.Path("plain/model"), folder.Path("own/model"), "--reference", Model, "--prompts", Chats,
            "--max-new-tokens", "2", "--out", folder.Path("two"));
        Assert.Equal(ExitCode.BadInput, two.Code);
        Assert.Contains("say with --chat-template how they are to be written here", two.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Texts_leave_the_record_as_it_was()
    {
        await Must(["sft", Model, folder.Path("texts.jsonl"), "--out", folder.Path("texts"), .. Update]);
        Assert.False(File.Exists(folder.Path("texts/model/goodhart_chat.json")));
        await Must(["sft", Model, Chats, "--out", folder.Path("plain"), .. Update, "--chat-template", "plain"]);
        await Must(["sft", folder.Path("plain/model"), folder.Path("texts.jsonl"), "--out", folder.Path("on"), .. Update]);
        Assert.Equal(
            File.ReadAllText(folder.Path("plain/model/goodhart_chat.json")), File.ReadAllText(folder.Path("on/model/goodhart_chat.json")));

        File.WriteAllText(folder.Path("on/model/goodhart_chat.json"), "{");
        CommandRun broken = await CommandRun.Of("sample", folder.Path("on/model"), "--prompts", Chats);
        Assert.Equal(ExitCode.BadInput, broken.Code);
        Assert.Contains("goodhart_chat.json: expected how the model's conversations were written", broken.Error, StringComparison.Ordinal);
        foreach ((string record, string wrong) in ((string, string)[])[
            ("""{"chatTemplate":"model","prefixMismatch":"refuse","chatDate":"today"}""", "chatDate is no day, YYYY-MM-DD: today"),
            ("""{"chatTemplate":"../own.jinja","prefixMismatch":"refuse"}""", "chatTemplate is no file of the folder: ../own.jinja")])
        {
            File.WriteAllText(folder.Path("on/model/goodhart_chat.json"), record);
            broken = await CommandRun.Of("sample", folder.Path("on/model"), "--prompts", Chats);
            Assert.Equal(ExitCode.BadInput, broken.Code);
            Assert.Contains(wrong, broken.Error, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task Adapters_and_what_is_made_of_models_carry_the_record_and_its_template()
    {
        string own = folder.Path("own.jinja");
        await Must(["sft", Model, Chats, "--out", folder.Path("lora"), .. Update, "--lora", "r=2", "--chat-template", own]);
        await Must("merge", folder.Path("lora/model"), "--out", folder.Path("merged"));
        await Must("average", Model, folder.Path("merged"), "--alpha", "0.5", "--out", folder.Path("half"));
        await Must("average", folder.Path("lora/model"), folder.Path("lora/checkpoints/step-1"), "--out", folder.Path("soup"));
        foreach (string made in (string[])["lora/model", "merged", "half", "soup"])
        {
            CommandRun run = await Must("sample", folder.Path(made), "--prompts", Chats, "--max-new-tokens", "2");
            Assert.Equal("[own]<user>Name a river.<assistant>", (string)JsonNode.Parse(run.Output)!["prompt"]!);
        }

        await Must(["sft", Model, Chats, "--out", folder.Path("plain"), .. Update, "--chat-template", "plain"]);
        CommandRun mixed = await Must("average", folder.Path("merged"), folder.Path("plain/model"), "--out", folder.Path("mixed"));
        Assert.Contains("written in different ways", mixed.Error, StringComparison.Ordinal);
        Assert.False(File.Exists(folder.Path("mixed/goodhart_chat.json")));
    }

    [Fact]
    public async Task A_new_model_takes_a_tokenizer_and_no_history()
    {
        await Must(["sft", Model, Chats, "--out", folder.Path("plain"), .. Update, "--chat-template", "plain"]);
        await Must(
            "init", "--out", folder.Path("new"), "--tokenizer", folder.Path("plain/model"), "--hidden-size", "16", "--layers", "1",
            "--heads", "2", "--max-positions", "256");
        Assert.False(File.Exists(folder.Path("new/goodhart_chat.json")));
    }

    [Fact]
    public async Task A_template_that_was_changed_since_is_told_of_and_a_folder_is_no_template_file()
    {
        await Must(["sft", Model, Chats, "--out", folder.Path("sft"), .. Update]);
        string[] sample = ["sample", folder.Path("sft/model"), "--prompts", Chats, "--max-new-tokens", "2"];
        Assert.DoesNotContain("goodhart_chat.json", (await Must(sample)).Error, StringComparison.Ordinal);
        File.AppendAllText(folder.Path("sft/model/chat_template.jinja"), "!");
        Assert.Contains("are no longer those that goodhart_chat.json tells of", (await Must(sample)).Error, StringComparison.Ordinal);

        CommandRun other = await CommandRun.Of([.. sample, "--chat-template", folder.Path("tokenizer")]);
        Assert.Equal(ExitCode.BadInput, other.Code);
        Assert.Contains("name the chat_template.jinja in it", other.Error, StringComparison.Ordinal);
    }

    private static async Task<CommandRun> Must(params string[] args)
    {
        CommandRun run = await CommandRun.Of(args);
        Assert.True(run.Code == ExitCode.Done, $"{string.Join(' ', args)}: {run}");
        return run;
    }
}
