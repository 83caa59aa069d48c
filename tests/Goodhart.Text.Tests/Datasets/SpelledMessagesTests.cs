using Goodhart.Text.Data;
using Goodhart.Text.Datasets;
using Xunit;

namespace Goodhart.Text.Tests.Datasets;

/// <summary>Cells that spell messages, in JSON or in Python's way, where they have texts only.</summary>
public sealed class SpelledMessagesTests : IDisposable
{
    private readonly GoldenData folder = new();

    public void Dispose() => folder.Dispose();

    [Theory]
    [InlineData(
        "prompt,chosen,rejected\n\"[{'role': 'u'}]\",a,b\n",
        "line 2, column prompt: expected a text or messages, found Python's way of writing them ([{'role': 'u'}])")]
    [InlineData(
        "prompt,chosen,rejected\np,\"{'from': 'gpt', 'value': 'good'}\",b\n",
        "line 2, column chosen: expected a text or messages, found Python's way of writing them ({'from': 'gpt', 'val...)")]
    [InlineData(
        "prompt,chosen,rejected\np,a,\"{'content': 'good', 'role': 'assistant'}\"\n",
        "line 2, column rejected: expected a text or messages, found Python's")]
    [InlineData(
        "id,messages\n1,\"[{'role': 'user', 'content': 'x'}]\"\n", "line 2, column messages: expected a text or messages, found Python's")]
    [InlineData(
        "id,conversations\n1,\"[{'from': 'human', 'value': 'x'}]\"\n",
        "line 2, column conversations: expected a text or messages, found Python's")]
    [InlineData(
        """{"messages":"[{\"role\":\"user\",\"content\":\"x\"}"}""",
        "line 1, column messages: expected a list of messages, found a text that begins as one in JSON")]
    [InlineData("""{"messages":"Hello"}""", "line 1, column messages: expected a list of messages, found a text.")]
    public void Texts_of_messages_are_refused_with_what_they_are(string content, string message)
    {
        string path = folder.Write(content);
        Assert.StartsWith(
            "rows.dat " + message,
            Assert.Throws<InvalidDataException>(() => Dataset.Open(path).Examples().Count()).Message,
            StringComparison.Ordinal);
    }

    [Fact]
    public void A_response_that_only_looks_like_Python_is_a_response() => Assert.Equal(
        "{'role': 'admin'}", Dataset.Open(folder.Write("prompt,completion\np,{'role': 'admin'}\n")).Examples().Single().Completion);

    [Theory]
    [InlineData("""{"messages":"[{\"role\":\"user\",\"content\":\"x\"},{\"role\":\"assistant\",\"content\":\"y\"}]"}""")]
    [InlineData("""[{"conversations":" [ {\"from\":\"human\",\"value\":\"x\"}, {\"from\":\"gpt\",\"value\":\"y\"} ]\n"}]""")]
    [InlineData("""{"prompt":"[{\"role\":\"user\",\"content\":\"x\"}]","completion":"[{\"role\":\"assistant\",\"content\":\"y\"}]"}""")]
    [InlineData(
        """{"prompt":"[{\"role\":\"user\",\"content\":\"x\"}]","chosen":"[{\"role\":\"assistant\",\"content\":\"y\"}]","rejected":" z"}""")]
    [InlineData(
        """{"prompt":"x","chosen":"[{\"role\":\"user\",\"content\":\"x\"},{\"role\":\"assistant\",\"content\":\"y\"}]","rejected":[{"role":"user","content":"x"},{"role":"assistant","content":"z"}]}""")]
    [InlineData("""{"instruction":"x","input":"","output":"y","history":"[]","system":""}""", "x", "y")]
    public void Lists_of_messages_in_json_are_read_in_every_format(
        string content, string prompt = "\n\nHuman: x\n\nAssistant:", string answer = " y")
    {
        string path = folder.Write(content);
        Assert.Equal(new SftRow(0, prompt, answer), Dataset.Open(path).Examples().Single());
        Assert.Equal(prompt, Dataset.OpenPrompts(path).Prompts().Single().Text);
    }

    [Fact]
    public void A_history_in_json_is_a_history() => Assert.Equal(
        "\n\nHuman: a\n\nAssistant: b\n\nHuman: x\n\nAssistant:",
        Dataset.Open(
            folder.Write("""{"instruction":"x","input":"","output":"y","history":"[[\"a\",\"b\"]]"}""")).Examples().Single().Prompt);

    [Fact]
    public void Fields_of_messages_in_json_are_told_as_not_used()
    {
        Dataset data = Dataset.Open(
            folder.Write("""{"messages":"[{\"role\":\"user\",\"content\":\"x\",\"id\":1},{\"role\":\"assistant\",\"content\":\"y\"}]"}"""));
        SkipTally tally = new();
        Assert.Single(data.Examples(tally));
        Assert.Equal(["messages[].id"], data.Unused(tally));
    }

    [Theory]
    [InlineData("""{\"role\":\"assistant\",\"content\":\"an answer in JSON\"}""")]
    [InlineData("""[[\"a\",\"b\"],[\"c\",\"d\"]]""")]
    [InlineData("""[{\"role\":\"admin\"}]""")]
    [InlineData("""[1, 2]""")]
    [InlineData("""[]""")]
    [InlineData("""[{\"role\": ...}]""")]
    public void Other_json_is_an_answer(string json) => Assert.Equal(
        json.Replace("\\\"", "\"", StringComparison.Ordinal),
        Dataset.Open(folder.Write($$"""{"prompt":"p","completion":"{{json}}"}""")).Examples().Single().Completion);

    [Theory]
    [InlineData(
        "[ {\"\"role\"\": \"\"user\"\", \"\"content\"\": \"\"x\"\"}, {\"\"role\"\": \"\"assistant\"\", \"\"content\"\": \"\"y\"\"} ]")]
    [InlineData(
        " [\n {\n \"\"role\"\": \"\"user\"\", \"\"content\"\": \"\"x\"\"}, {\"\"role\"\": \"\"assistant\"\", \"\"content\"\": "
            + "\"\"y\"\"}\n]\n")]
    public void Messages_in_csv_may_have_blanks(string cell) => Assert.Equal(
        new SftRow(0, "\n\nHuman: x\n\nAssistant:", " y"), Dataset.Open(folder.Write($"id,messages\n1,\"{cell}\"\n")).Examples().Single());
}
