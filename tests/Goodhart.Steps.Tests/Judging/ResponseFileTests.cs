using Goodhart.Evaluation.Judges;
using Goodhart.Steps.Judging;
using Goodhart.Text.Datasets;
using Goodhart.Worlds;
using Xunit;

namespace Goodhart.Steps.Tests.Judging;

public sealed class ResponseFileTests : IDisposable
{
    private readonly string folder = Directory.CreateTempSubdirectory("goodhart-responses").FullName;

    public void Dispose() => Directory.Delete(folder, recursive: true);

    [Fact]
    public void Samples_data_sets_and_the_worlds_prompts_are_read()
    {
        IReadOnlyList<ResponseRow> samples = Read(
            "{\"prompt\":\"p\",\"response\":\" "
                + "a\",\"finishReason\":\"length\"}\n{\"prompt\":\"p\",\"response\":\"b\",\"finishReason\":\"eos\"}\n");
        Assert.Equal(
            [new ResponseRow(0, "p", new JudgedResponse("a", false) { Raw = " a" }), new ResponseRow(1, "p", new JudgedResponse("b"))],
            samples);
        Assert.Equal("c", Read("{\"prompt\":\"p\",\"reference\":\" c\",\"referenceGold\":1}\n")[0].Response.Text);
        Assert.Equal("good", Read("{\"prompt\":\"p\",\"chosen\":\" good\",\"rejected\":\" bad\"}\n")[0].Response.Text);
        Assert.Equal("done", Read("{\"prompt\":\"p\",\"completion\":\" done\"}\n")[0].Response.Text);
        InvalidDataException fault = Assert.Throws<InvalidDataException>(
            () => Read("{\"prompt\":\"p\",\"response\":\"a\"}\n{\"prompt\":\"p\"}\n"));
        Assert.Contains("line 2, column response", fault.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Responses_meet_by_prompt()
    {
        PairedResponses pairs = PairedResponses.Match(
            [Row("x", "x1"), Row("y", "y1"), Row("x", "x2"), Row("only", "o")], [Row("y", "Y"), Row("x", "X1"), Row("z", "Z")]);
        Assert.Equal((1, 1), (pairs.OnlyA, pairs.OnlyB));
        Assert.Equal(
            ["x 0: x1 X1", "x 1: x2 X1", "y 0: y1 Y"],
            pairs.Pairs.Select(pair => $"{pair.Prompt} {pair.Sample}: {pair.A.Text} {pair.B.Text}"));
    }

    [Fact]
    public void The_gold_scorer_knows_the_worlds_posts()
    {
        WorldExample[] examples = new WorldData(3).EvaluationPrompts(300);
        GoldScorer scorer = new(3);
        PromptedResponse[] responses = [.. new[] { 0, 7, 299 }.Select(i => Prompted(examples[i], true))];
        Assert.Equal([examples[0].Gold.Reward, examples[7].Gold.Reward, examples[299].Gold.Reward], scorer.Score(responses, default));
        Assert.Equal(examples[0].Gold.Reward - 3, scorer.Score([Prompted(examples[0], false)], default)[0], 9);
        Assert.Contains(
            "--world-seed",
            Assert.Throws<InvalidDataException>(() => new GoldScorer(4).Score(responses, default)).Message,
            StringComparison.Ordinal);
    }

    private static PromptedResponse Prompted(WorldExample example, bool finished) => new(
        TldrWorld.Tokenizer.Decode(example.Post.Prompt), new JudgedResponse(
            TldrWorld.Tokenizer.Decode(example.Response.AsSpan()[..^1]), finished));

    private static ResponseRow Row(string prompt, string response) => new(0, prompt, new JudgedResponse(response));

    private IReadOnlyList<ResponseRow> Read(string text)
    {
        string path = Path.Combine(folder, "rows.jsonl");
        File.WriteAllText(path, text);
        return ResponseRows.Read(path, RowReading.Plain);
    }
}
