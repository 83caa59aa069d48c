using Xunit;

namespace Goodhart.Cli.Tests.Verbs;

public sealed class TemplateVerbTests : IDisposable
{
    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public async Task Rows_are_rendered_in_order_and_a_bad_one_does_not_stop_the_others()
    {
        string template = folder.Write(
            "t.jinja", "{{ bos_token }}{% for m in messages %}\n{{ m.role }}: {{ m.content + '!' }}{% endfor %}{% if "
                + "add_generation_prompt %}\n>{% endif %}");
        string rows = folder.Write("m.jsonl", """
            {"messages": [{"role": "user", "content": "Grüße <b>"}]}
            {"messages": [{"role": "user", "content": 3}]}
            {"prompt": "no messages"}
            {"messages": [], "variables": {"bos_token": "own", "add_generation_prompt": false}}

            """);
        CommandRun run = await CommandRun.Of(
            "template", template, "--messages", rows, "--add-generation-prompt", "--variables", "{\"bos_token\": \"<s>\"}");
        Assert.Equal((ExitCode.Done, ""), (run.Code, run.Error));
        string[] lines = run.Output.Split('\n');
        Assert.Equal("{\"text\":\"<s>user: Grüße <b>!>\"}", lines[0]);
        Assert.StartsWith("{\"error\":\"m.jsonl line 2: " + template
            + ": line 2, column 28: '+' does not work between an integer and a text", lines[1], StringComparison.Ordinal);
        Assert.StartsWith("{\"error\":\"m.jsonl line 3: expected a list of messages", lines[2], StringComparison.Ordinal);
        Assert.Equal("{\"text\":\"own\"}", lines[3]);
    }

    [Fact]
    public async Task A_folder_brings_its_special_tokens()
    {
        folder.Write("tokenizer_config.json",
            """{"chat_template": "{{ eos_token }}{{ strftime_now('%d %b %Y') }}", "eos_token": "</s>"}""");
        CommandRun run = await CommandRun.Of(
            "template", Path.GetDirectoryName(folder.Path("x"))!, "--messages", folder.Write("m.jsonl", "{\"messages\": []}\n"), "--now",
                "2026-07-26");
        Assert.Equal((ExitCode.Done, "{\"text\":\"</s>26 Jul 2026\"}\n"), (run.Code, run.Output));
    }

    [Fact]
    public async Task What_cannot_be_read_is_refused()
    {
        string rows = folder.Write("m.jsonl", "{\"messages\": []}\n");
        string template = folder.Write("t.jinja", "x");
        Assert.Equal(ExitCode.BadInput, (await CommandRun.Of("template", folder.Path("gone"), "--messages", rows)).Code);
        Assert.Equal(ExitCode.BadInput, (await CommandRun.Of("template", template, "--messages", folder.Path("gone.jsonl"))).Code);
        CommandRun variables = await CommandRun.Of("template", template, "--messages", rows, "--variables", "[1]");
        Assert.Equal(ExitCode.BadInput, variables.Code);
        Assert.Contains("expected a JSON object", variables.Error, StringComparison.Ordinal);
        CommandRun none = await CommandRun.Of("template", Path.GetDirectoryName(rows)!, "--messages", rows);
        Assert.Contains("has no chat template", none.Error, StringComparison.Ordinal);
    }
}
