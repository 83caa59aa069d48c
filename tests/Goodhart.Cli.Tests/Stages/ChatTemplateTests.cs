using System.Text.Json.Nodes;
using Xunit;

namespace Goodhart.Cli.Tests.Stages;

/// <summary>Conversations are trained on as the model's own chat template writes them, and every run says so.</summary>
public sealed class ChatTemplateTests : IAsyncLifetime, IDisposable
{
    private const string Template =
        "{% for m in messages %}<{{ m.role }}>{{ m.content }}{% if m.role == 'assistant' %}{{ eos_token }}{% endif %}{% endfor %}"
        + "{% if add_generation_prompt %}<assistant>{% endif %}";

    private static readonly (string Question, string Good, string Bad)[] Rows =
        [("Name a river.", "The Loire.", "River is wet."), ("Is glass a liquid?", "No.", "Yes it drips.")];

    private static readonly string[] Update =
        ["--batch-size", "1", "--checkpoints", "1", "--warmup-steps", "0", "--learning-rate", "1e-3", "--max-tokens", "200", "--quiet"];

    private readonly TemporaryFolder folder = new();

    private string Model => folder.Path("model");

    private string Chats => folder.Path("chats.jsonl");

    public async Task InitializeAsync()
    {
        folder.Write("chats.jsonl", string.Concat(Rows.Select(row =>
            $$"""{"prompt":[{"role":"user","content":"{{row.Question}}"}],"chosen":[{"role":"assistant","content":"{{row.Good}}"}],"rejected":[{"role":"assistant","content":"{{row.Bad}}"}]}""" + "\n")));
        folder.Write("texts.jsonl", string.Concat(Rows.Select(row =>
            $$"""{"prompt":"<user>{{row.Question}}<assistant>","chosen":"{{row.Good}}","rejected":"{{row.Bad}}"}""" + "\n")));
        Directory.CreateDirectory(folder.Path("tokenizer"));
        File.Copy(Repository.PathOf("tests/golden/tokenizer/variants/qwen2-style.json"), folder.Path("tokenizer/tokenizer.json"));
        folder.Write("tokenizer/tokenizer_config.json", """{"eos_token":"<|endoftext|>"}""");
        folder.Write("tokenizer/chat_template.jinja", Template);
        CommandRun made = await CommandRun.Of(
            "init", "--out", Model, "--tokenizer", folder.Path("tokenizer"), "--hidden-size", "16", "--layers", "1", "--heads", "2",
                "--max-positions", "256");
        Assert.Equal((ExitCode.Done, ""), (made.Code, made.Error));
    }

    public Task DisposeAsync() => Task.CompletedTask;

    public void Dispose() => folder.Dispose();

    [Fact]
    public async Task Training_sees_the_tokens_that_the_template_writes_and_one_eos()
    {
        Assert.Equal((ExitCode.Done, ""), await Align("chats", Chats));
        Assert.Equal((ExitCode.Done, ""), await Align("texts", folder.Path("texts.jsonl")));
        Assert.Equal(Weights("texts"), Weights("chats"));

        JsonNode used = Record("chats")["data"]!["chatTemplate"]!;
        Assert.Equal((64, "refuse", 0), (((string)used["sha256"]!).Length, (string)used["prefixMismatch"]!, (int)used["cutPrompts"]!));
        Assert.Contains($"written in the model's ({((string)used["sha256"]!)[..12]}) template", (string)Record("chats")["data"]!["shape"]!,
            StringComparison.Ordinal);
        Assert.Null(Record("texts")["data"]!["chatTemplate"]);
    }

    /// <summary>Training on such rows teaches an end at which nothing that samples would stop.</summary>
    [Theory]
    [InlineData("{{ eos_token }}", null, null)]
    [InlineData("<end>\n", null, "<end>")]
    [InlineData("<end>\n", "[570,572]", null)]
    [InlineData(".", null, ".")]
    [InlineData("", null, "nothing")]
    public async Task An_end_of_answers_that_ends_no_response_is_told(string written, string? ends, string? told)
    {
        folder.Write("model/chat_template.jinja", Template.Replace("{{ eos_token }}", written, StringComparison.Ordinal));
        JsonNode tokenizer = JsonNode.Parse(File.ReadAllText(folder.Path("model/tokenizer.json")))!;
        tokenizer["added_tokens"]![2]!["content"] = "<end>";
        Assert.Equal(572, (int)tokenizer["added_tokens"]![2]!["id"]!);
        folder.Write("model/tokenizer.json", tokenizer.ToJsonString());
        if (ends is not null)
        {
            folder.Write("model/generation_config.json", $$"""{"eos_token_id":{{ends}}}""");
        }

        string[] expected = told is null ? [] :
        [
            $"{Model}: its chat template ends an answer with {told}, and responses end at <|endoftext|>: after training on conversations "
                + "they would run on. Add the template's token to eos_token_id in generation_config.json.",
        ];
        foreach (string[] args in (string[][])
            [["sft", Model, Chats, "--out", folder.Path("sft"), .. Update[..^1]],
                ["sample", Model, "--prompts", Chats, "--max-new-tokens", "2"]])
        {
            CommandRun run = await CommandRun.Of(args);
            Assert.Equal(ExitCode.Done, run.Code);
            Assert.Equal(expected, run.Error.Split('\n').Where(line => line.Contains("template ends", StringComparison.Ordinal)));
        }
    }

    [Fact]
    public async Task A_prompt_that_the_answer_does_not_follow_is_refused_or_cut()
    {
        string thinking = folder.Write(
            "thinking.jinja", Template.Replace("<assistant>{% endif %}", "<assistant><think>{% endif %}", StringComparison.Ordinal));
        (int code, string error) = await Align("refused", Chats, "--chat-template", thinking);
        Assert.Equal(ExitCode.BadInput, code);
        Assert.Contains("chats.jsonl line 1: the template writes another beginning", error, StringComparison.Ordinal);
        Assert.Contains("the prompt goes on with '<think>', with an answer 'The Loire.<|endoftext|>'", error, StringComparison.Ordinal);
        Assert.Contains("2 of 2 rows are such", error, StringComparison.Ordinal);

        Assert.Equal((ExitCode.Done, ""), await Align("cut", Chats, "--chat-template", thinking, "--prefix-mismatch", "common"));
        Assert.Equal(2, (int)Record("cut")["data"]!["chatTemplate"]!["cutPrompts"]!);
        Assert.Equal((ExitCode.Done, ""), await Align("own", Chats));
        Assert.Equal(Weights("own"), Weights("cut"));
    }

    [Fact]
    public async Task Plain_is_plain_and_a_date_has_to_be_fixed()
    {
        Assert.Equal((ExitCode.Done, ""), await Align("plain", Chats, "--chat-template", "plain"));
        Assert.Null(Record("plain")["data"]!["chatTemplate"]);
        string dated = folder.Write("dated.jinja", "{{ strftime_now('%Y') }}" + Template);
        Assert.Contains("--chat-date YYYY-MM-DD", (await Align("undated", Chats, "--chat-template", dated)).Error,
            StringComparison.Ordinal);
        Assert.Equal((ExitCode.Done, ""), await Align("dated", Chats, "--chat-template", dated, "--chat-date", "2026-03-05"));
        Assert.Equal("2026-03-05", (string)Record("dated")["data"]!["chatTemplate"]!["date"]!);
    }

    [Fact]
    public async Task Samples_are_asked_for_by_the_same_text()
    {
        CommandRun run = await CommandRun.Of("sample", Model, "--prompts", Chats, "--max-new-tokens", "2");
        Assert.Contains("\"prompt\":\"<user>Name a river.<assistant>\"", run.Output.Replace(
            "\\u003C", "<", StringComparison.Ordinal).Replace("\\u003E", ">", StringComparison.Ordinal), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Samples_are_asked_for_as_the_options_say()
    {
        string plain = await Sampled("--chat-template", "plain");
        Assert.Equal("\n\nHuman: Name a river.\n\nAssistant:", plain);

        string dated = folder.Write("dated.jinja", "{{ strftime_now('%Y') }}" + Template);
        CommandRun undated = await CommandRun.Of("sample", Model, "--prompts", Chats, "--max-new-tokens", "2", "--chat-template", dated);
        Assert.Equal(ExitCode.BadInput, undated.Code);
        Assert.Contains("--chat-date YYYY-MM-DD", undated.Error, StringComparison.Ordinal);
        Assert.Equal("2026<user>Name a river.<assistant>", await Sampled("--chat-template", dated, "--chat-date", "2026-03-05"));
    }

    [Fact]
    public async Task Another_template_is_not_continued_in_the_same_file()
    {
        string[] sample = ["sample", Model, "--prompts", Chats, "--max-new-tokens", "2", "--out", folder.Path("lines.jsonl"), "--quiet"];
        Assert.Equal(ExitCode.Done, (await CommandRun.Of(sample)).Code);
        Assert.NotEqual(ExitCode.Done, (await CommandRun.Of([.. sample, "--chat-template", "plain"])).Code);
    }

    [Theory]
    [InlineData("kl")]
    [InlineData("softq", "--beta", "0.1", "--data", "$texts")]
    public async Task Measures_ask_by_the_same_text(params string[] verb)
    {
        string texts = folder.Write("plain.jsonl", string.Concat(Rows.Select(row =>
            $$"""{"prompt":"\n\nHuman: {{row.Question}}\n\nAssistant:","chosen":"{{row.Good}}","rejected":"{{row.Bad}}"}""" + "\n")));
        string other = folder.Path("other");
        CommandRun made = await CommandRun.Of(
            "init", "--out", other, "--tokenizer", folder.Path("tokenizer"), "--hidden-size", "16", "--layers", "1", "--heads", "2",
                "--max-positions", "256", "--seed", "7");
        Assert.Equal((ExitCode.Done, ""), (made.Code, made.Error));
        Task<CommandRun> Run(string data, params string[] more) => CommandRun.Of(
        [
            verb[0], Model, other, "--prompts", data, .. verb[1..].Select(part => part == "$texts" ? texts : part), "--max-new-tokens", "2",
            "--json",
            "--quiet", .. more,
        ]);
        CommandRun expected = await Run(texts);
        Assert.Equal((ExitCode.Done, ""), (expected.Code, expected.Error));
        Assert.Equal(expected.Output, (await Run(Chats, "--chat-template", "plain")).Output);
        Assert.NotEqual(expected.Output, (await Run(Chats)).Output);
    }

    private async Task<string> Sampled(params string[] more)
    {
        CommandRun run = await CommandRun.Of(["sample", Model, "--prompts", Chats, "--max-new-tokens", "2", "--quiet", .. more]);
        Assert.Equal((ExitCode.Done, ""), (run.Code, run.Error));
        return (string)JsonNode.Parse(run.Output.Split('\n')[0])!["prompt"]!;
    }

    private async Task<(int Code, string Error)> Align(string name, string data, params string[] more)
    {
        CommandRun run = await CommandRun.Of(["align", Model, data, "--out", folder.Path(name), .. Update, .. more]);
        return (run.Code, run.Error);
    }

    private byte[] Weights(string run) => File.ReadAllBytes(folder.Path($"{run}/model/model.safetensors"));

    private JsonNode Record(string run) => JsonNode.Parse(File.ReadAllText(folder.Path($"{run}/run.json")))!;
}
