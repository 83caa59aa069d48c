using System.Text.Json.Nodes;
using Goodhart.Text.Chat;
using Goodhart.Text.Chat.Safety;
using Xunit;

namespace Goodhart.Text.Tests.Chat;

/// <summary>Where a tokenizer's folder keeps its templates, and which one a conversation gets.</summary>
public sealed class ChatTemplateFolderTests : IDisposable
{
    private readonly string folder = Directory.CreateTempSubdirectory("goodhart-chat").FullName;

    [Fact]
    public void A_file_of_its_own_wins_over_the_configuration()
    {
        Write("tokenizer_config.json",
            """{"chat_template": "old", "bos_token": "<s>", "eos_token": {"content": "</s>"}, "pad_token": null}""");
        Assert.Equal("old", ChatTemplateFolder.Open(folder).Find(hasTools: false)!.Text);

        Write("chat_template.jinja", "{{ bos_token }}new{{ eos_token }}{{ pad_token }}");
        Assert.Equal("<s>new</s>", Render("""{"messages": []}"""));
    }

    [Fact]
    public void Of_several_tools_choose_unless_a_name_does()
    {
        Write("tokenizer_config.json", """
            {"chat_template": [{"name": "default", "template": "plain"}, {"name": "tool_use", "template": "tools"}, {"name": "rag", "template": "rag"}]}
            """);
        Assert.Equal("plain", Render("""{"messages": []}"""));
        Assert.Equal("plain", Render("""{"messages": [], "tools": null}"""));
        Assert.Equal("tools", Render("""{"messages": [], "tools": []}"""));
        Assert.Equal("tools", Render("""{"messages": [], "variables": {"tools": []}}"""));
        Assert.Equal("rag", Render("""{"messages": []}""", "rag"));
        Assert.Contains("default, rag, tool_use", Assert.Throws<ChatTemplateException>(() => Render("""{"messages": []}""", "no")).Message,
            StringComparison.Ordinal);
    }

    [Fact]
    public void More_templates_lie_in_a_folder_and_an_old_form_in_a_file()
    {
        Write("chat_template.json", """{"chat_template": "oldest"}""");
        Directory.CreateDirectory(Path.Combine(folder, "additional_chat_templates"));
        Write("additional_chat_templates/rag.jinja", "rag");
        ChatTemplateFolder found = ChatTemplateFolder.Open(folder);
        Assert.Equal(["default", "rag"], found.Names);
        Assert.Equal("oldest", found.Find(hasTools: true)!.Text);
    }

    [Fact]
    public void A_model_without_a_template_has_none()
    {
        Write("tokenizer_config.json", """{"bos_token": "<s>"}""");
        Assert.Null(ChatTemplateFolder.Open(folder).Find(hasTools: false));
    }

    [Fact]
    public void A_row_s_variables_win_and_its_tools_may_be_text()
    {
        Write("chat_template.jinja", "{{ tools[0].name }} {{ add_generation_prompt }} {{ mood }} {{ style }}");
        Assert.Equal("f True own own", Render(
            """{"messages": [], "tools": "[{\"name\": \"f\"}]", "variables": {"add_generation_prompt": true, "mood": "own"}, "chat_template_kwargs": {"style": "own"}}"""));
    }

    [Fact]
    public void Numbers_keep_their_kind()
    {
        Write("chat_template.jinja", "{{ messages[0].n }} {{ messages[0].m }}");
        Assert.Equal("2.0 2", Render("""{"messages": [{"n": 2.0, "m": 2}]}"""));
    }

    public void Dispose() => Directory.Delete(folder, recursive: true);

    private string Render(string row, string? name = null) => new RowRenderer(
        ChatTemplateFolder.Open(folder), name, new JsonObject { ["mood"] = "all", ["style"] = "all" }, GoldenChat.Now)
        .Render((JsonObject)JsonNode.Parse(row)!);

    private void Write(string name, string text) => File.WriteAllText(Path.Combine(folder, name), text);
}
