using System.Text.Json.Nodes;
using Xunit;

namespace Goodhart.Cli.Tests.Verbs;

/// <summary>Files of conversations in the verbs that look at data: they stay messages, and are told apart by what they say.</summary>
public sealed class ConversationFileTests : IDisposable
{
    private const string Call = """{"role":"assistant","content":null,"tool_calls":[{"name":"f"}]}""";

    /// <summary>Two turns of one dialogue, of which one has an answer that says nothing, and a call of a tool.</summary>
    private static readonly string Rows =
        Row([Turn("user", "One")], "a b", "c")
        + Row([Turn("user", "One"), Turn("assistant", "a b"), Turn("user", "Two")], "d", "")
        + Row([Turn("user", "Three"), Call, Turn("tool", "9")], "e", "g", ""","tools":[{"name":"f"}],"note":1""");

    private const string Template =
        "{% if tools %}[{{ tools | length }}]{% endif %}{% for m in messages %}<|{{ m.role }}|>"
        + "{% if m.tool_calls %}{{ m.tool_calls | tojson }}{% elif m.function_call %}{{ m.function_call | tojson }}"
        + "{% else %}{{ m.content }}{% endif %}"
        + "{{ eos_token }}\n{% endfor %}"
        + "{% if add_generation_prompt %}<|assistant|>{% endif %}";

    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public async Task A_split_keeps_messages_and_all_turns_of_a_dialogue_together()
    {
        string all = Rows + Row([Turn("user", "Three"), Function("f"), Turn("function", "9")], "e", "g");
        string rows = string.Concat(Enumerable.Range(0, 12).Select(i => all.Replace("One", $"One {i}", StringComparison.Ordinal)
            .Replace("Three", $"Three {i}", StringComparison.Ordinal)));
        string file = folder.Write("chats.jsonl", rows);
        await Must("data", "split", file, "--out", folder.Path("out"), "--fractions", "train=0.6,test=0.4");
        string[] train = File.ReadAllLines(folder.Path("out/train.jsonl"));
        string[] test = File.ReadAllLines(folder.Path("out/test.jsonl"));
        Assert.Equal(rows.Split('\n', StringSplitOptions.RemoveEmptyEntries).Order(), train.Concat(test).Order());
        Assert.Empty(train.Select(Opening).Intersect(test.Select(Opening)));
        JsonNode audit = JsonNode.Parse((await Must(
            "data", "inspect", folder.Path("out/train.jsonl"), "--against", folder.Path("out/test.jsonl"), "--tokenizer", Tokenizer(),
            "--json")).Output)!;
        Assert.Equal((0, 0), ((int)audit["overlap"]!["sharedPrompts"]!, (int)audit["overlap"]!["continuedPrompts"]!));
    }

    [Fact]
    public async Task An_audit_finds_by_what_is_said_what_a_template_hides()
    {
        string file = folder.Write("chats.jsonl", Rows + Rows.Split('\n')[0] + "\n");
        string other = folder.Write("other.jsonl", Rows.Split('\n')[1] + "\n");
        JsonNode audit = JsonNode.Parse((await Must(
            "data", "inspect", file, "--tokenizer", Tokenizer(), "--against", other, "--json")).Output)!;
        Assert.Contains("model's (", (string)audit["shape"]!, StringComparison.Ordinal);
        Assert.Equal(
            (1, 1, 1, 3),
            ((int)audit["emptyResponses"]!, (int)audit["duplicateRows"]!, (int)audit["prompts"]!["continued"]!,
                (int)audit["prompts"]!["distinct"]!));
        Assert.Equal((1, 1), ((int)audit["overlap"]!["sharedPrompts"]!, (int)audit["overlap"]!["continuedPrompts"]!));
    }

    /// <summary>A turn that the plain layout has no words for stands before the rows that repeat another and say nothing.</summary>
    [Fact]
    public async Task An_audit_counts_behind_a_turn_without_a_text_what_it_counts_elsewhere()
    {
        string[] lines = Rows.Split('\n');
        string file = folder.Write(
            "chats.jsonl",
            $"{lines[0]}\n" + Row([Turn("user", "Three"), Function("f"), Turn("function", "9")], "e", "g") + $"{lines[0]}\n{lines[1]}\n"
                + Row([Turn("user", "Three"), Function("g"), Turn("function", "9")], "e", "g"));
        foreach (string[] rows in (string[][])[[], ["--bad-rows", "skip"]])
        {
            JsonNode audit = JsonNode.Parse((await Must(
                ["data", "inspect", file, "--against", file, "--tokenizer", Tokenizer(), "--json", .. rows])).Output)!;
            Assert.Equal(
                (5, 1, 1, 4, 4),
                ((int)audit["used"]!, (int)audit["duplicateRows"]!, (int)audit["emptyResponses"]!, (int)audit["prompts"]!["distinct"]!,
                    (int)audit["overlap"]!["sharedPrompts"]!));
        }
    }

    [Fact]
    public async Task Turns_without_a_text_are_told_apart_by_all_that_they_have()
    {
        string[] turns =
        [
            Function("f"), Function("g"), """{"role":"assistant","refusal":"No."}""", """{"role":"assistant","content":null,"name":null}""",
            """{"role":"assistant","content":null}""", Call,
        ];
        string file = folder.Write(
            "chats.jsonl", string.Concat(turns.Select(turn => Row([Turn("user", "One"), turn, Turn("user", "Two")], "a", "b"))));
        JsonNode graph = JsonNode.Parse((await Must("rank", file, "--json")).Output)!["result"]!["graph"]!;
        Assert.Equal((6, 5), ((int)graph["pairs"]!, (int)graph["prompts"]!));
    }

    [Theory]
    [InlineData("jsonl")]
    [InlineData("csv")]
    public async Task Unpaired_conversations_stay_messages_and_are_read_as_the_pairs_are(string format)
    {
        string file = folder.Write("chats.jsonl", Rows);
        string unpaired = folder.Path($"unpaired.{format}");
        await Must("data", "convert", file, "--unpaired", "--to", format, "--out", unpaired);
        JsonNode audit = JsonNode.Parse((await Must("data", "inspect", unpaired, "--tokenizer", Tokenizer(), "--json")).Output)!;
        JsonNode pairs = JsonNode.Parse((await Must("data", "inspect", file, "--tokenizer", Tokenizer(), "--json")).Output)!;
        Assert.Equal((6, 3), ((int)audit["used"]!, (int)audit["prompts"]!["distinct"]!));
        Assert.Equal((double)pairs["lengths"]!["chosen"]!["mean"]!, (double)audit["lengths"]!["desirable"]!["mean"]!);
        Assert.Equal((double)pairs["lengths"]!["rejected"]!["mean"]!, (double)audit["lengths"]!["undesirable"]!["mean"]!);
        Assert.Equal((double)pairs["lengths"]!["prompt"]!["max"]!, (double)audit["lengths"]!["prompt"]!["max"]!);
        if (format == "jsonl")
        {
            JsonNode last = JsonNode.Parse(File.ReadAllLines(unpaired)[^1])!;
            Assert.Equal("""[{"role":"assistant","content":"g"}]""", last["completion"]!.ToJsonString());
            Assert.Equal("""[{"name":"f"}]""", last["tools"]!.ToJsonString());
            Assert.Equal((false, null), ((bool)last["label"]!, last["note"]));
        }
    }

    [Fact]
    public async Task Rank_counts_tokens_of_what_a_template_writes_and_tells_conversations_apart_without_one()
    {
        string file = folder.Write("chats.jsonl", Rows);
        JsonNode words = JsonNode.Parse((await Must("rank", file, "--json")).Output)!["result"]!;
        JsonNode tokens = JsonNode.Parse((await Must("rank", file, "--tokenizer", Tokenizer(), "--json")).Output)!["result"]!;
        Assert.Equal((3, 3), ((int)words["graph"]!["pairs"]!, (int)words["graph"]!["prompts"]!));
        Assert.Equal(words["graph"]!.ToJsonString(), tokens["graph"]!.ToJsonString());
        Assert.Equal(573, (int)tokens["space"]!["vocabulary"]!);
        Assert.True((int)tokens["longestPrompt"]! > (int)words["longestPrompt"]!);
    }

    /// <summary>A template writes the tools of a row, and the plain layout no calls: neither makes other conversations of them.</summary>
    [Fact]
    public async Task Rank_has_one_graph_whatever_template_counts_the_tokens()
    {
        const string Tools = ""","tools":[{"name":"f"}]""";
        string pairs = folder.Write(
            "pairs.jsonl",
            Row([Turn("user", "One")], "a", "b") + Row([Turn("user", "One")], "a", "b", Tools) + Row([Turn("user", "Two")], "a", "b")
                + Row([Turn("user", "Two"), Calling("f"), Turn("tool", "9")], "a", "b")
                + Row([Turn("user", "Two"), Calling("g"), Turn("tool", "9")], "a", "b"));
        string more = folder.Write("more.jsonl", $$"""{"prompt":[{{Turn("user", "Two")}}],"completion":"a"{{Tools}}}""" + "\n");
        string[] rank = ["rank", pairs, "--responses", more, "--json"];
        JsonNode said = await Graph();
        Assert.Equal(
            (5, 4, 1, 0),
            ((int)said["pairs"]!, (int)said["prompts"]!, (int)said["dependentPairs"]!, (int)said["neverCompared"]!));
        Assert.Equal(said.ToJsonString(), (await Graph("--tokenizer", Tokenizer())).ToJsonString());
        Assert.Equal(said.ToJsonString(), (await Graph("--tokenizer", Tokenizer(), "--chat-template", "plain")).ToJsonString());

        async Task<JsonNode> Graph(params string[] options) =>
            JsonNode.Parse((await Must([.. rank, .. options])).Output)!["result"]!["graph"]!;

        static string Calling(string name) => $$"""{"role":"assistant","content":"x","tool_calls":[{"name":"{{name}}"}]}""";
    }

    [Fact]
    public async Task Score_reads_conversations_and_pairs_as_training_does()
    {
        string model = folder.Path("model");
        await Must(
            "init", "--out", model, "--tokenizer", Tokenizer(), "--hidden-size", "16", "--layers", "1", "--heads", "2", "--max-positions",
            "256");
        string chats = folder.Write("chats.jsonl", Rows.Split('\n')[0] + "\n");
        string texts = folder.Write(
            "texts.jsonl",
            """{"prompt":"<|user|>One<|endoftext|>\n<|assistant|>","response":"a b<|endoftext|>\n"}""" + "\n"
            + """{"prompt":"<|user|>One<|endoftext|>\n<|assistant|>","response":"c<|endoftext|>\n"}""" + "\n");
        JsonNode[] scored = await Score(chats);
        JsonNode[] written = await Score(texts, "--no-eos");
        Assert.Equal((double)written[0]["logProb"]!, (double)scored[0]["chosenLogProb"]!, 1e-5);
        Assert.Equal((double)written[1]["logProb"]!, (double)scored[0]["rejectedLogProb"]!, 1e-5);
        Assert.Equal(written[1]["tokenLogProbs"]!.AsArray().Count, scored[0]["rejectedTokenLogProbs"]!.AsArray().Count);
        Assert.Equal("One", (string)scored[0]["prompt"]![0]!["content"]!);

        string answered = folder.Write("answered.jsonl", """{"prompt":[{"role":"user","content":"One"}],"response":"a b"}""");
        Assert.Equal((double)scored[0]["chosenLogProb"]!, (double)(await Score(answered))[0]["logProb"]!, 1e-5);
        string asked = folder.Write("asked.jsonl", """{"question":"One","prompt":[{"role":"user","content":"Two"}],"response":"a b"}""");
        Assert.NotEqual(
            (double)(await Score(asked))[0]["logProb"]!,
            (double)(await Score(asked, "--columns", "prompt=question,completion=response"))[0]["logProb"]!);
        JsonNode[] plain = await Score(chats, "--chat-template", "plain");
        Assert.NotEqual((double)scored[0]["chosenLogProb"]!, (double)plain[0]["chosenLogProb"]!);

        async Task<JsonNode[]> Score(string file, params string[] options) =>
        [
            .. (await Must(["score", model, "--data", file, "--quiet", .. options])).Output
                .Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => JsonNode.Parse(line)!),
        ];
    }

    private static string Turn(string role, string content) => $$"""{"role":"{{role}}","content":"{{content}}"}""";

    private static string Function(string name) =>
        $$$"""{"role":"assistant","content":null,"function_call":{"name":"{{{name}}}"}}""";

    private static string Row(string[] prompt, string chosen, string rejected, string more = "") =>
        $$"""{"prompt":[{{string.Join(',', prompt)}}],"chosen":[{{Turn("assistant", chosen)}}],"rejected":["""
        + $$"""{{Turn("assistant", rejected)}}]{{more}}}""" + "\n";

    private static string Opening(string row) => (string)JsonNode.Parse(row)!["prompt"]![0]!["content"]!;

    private string Tokenizer()
    {
        string path = folder.Path("tokenizer");
        if (!Directory.Exists(path))
        {
            Directory.CreateDirectory(path);
            File.Copy(Repository.PathOf("tests/golden/tokenizer/variants/qwen2-style.json"), Path.Combine(path, "tokenizer.json"));
            folder.Write("tokenizer/tokenizer_config.json", """{"eos_token":"<|endoftext|>"}""");
            folder.Write("tokenizer/chat_template.jinja", Template);
        }

        return path;
    }

    private static async Task<CommandRun> Must(params string[] args)
    {
        CommandRun run = await CommandRun.Of(args);
        Assert.True(run.Code == ExitCode.Done, $"{string.Join(' ', args)}: {run}");
        return run;
    }
}
