using Xunit;

namespace Goodhart.Cli.Tests.Verbs;

/// <summary>The name of a known model where its folder is not.</summary>
public sealed class MissingModelTests : IDisposable
{
    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Theory]
    [InlineData("sample", "$m", "--prompts", "$f")]
    [InlineData("score", "$m", "--data", "$f")]
    [InlineData("kl", "$a", "$m", "--prompts", "$f")]
    [InlineData("verify", "$m")]
    [InlineData("tokenize", "$m", "--file", "$f")]
    [InlineData("sft", "$m", "$f", "--out", "$o")]
    [InlineData("align", "$m", "$f", "--out", "$o")]
    [InlineData("evaluate", "$m", "--reference", "$a", "--prompts", "$f", "--out", "$o")]
    [InlineData("evaluate", "$a", "--reference", "$m", "--prompts", "$f", "--out", "$o")]
    [InlineData("merge", "$m", "--out", "$o")]
    [InlineData("merge", "$a", "--base", "$m", "--out", "$o")]
    [InlineData("average", "$a", "$m", "--alpha", "0.5", "--out", "$o")]
    [InlineData("init", "--tokenizer", "$m", "--out", "$o")]
    [InlineData("data", "inspect", "$f", "--tokenizer", "$m")]
    public async Task Every_command_says_what_it_is_and_where_to_put_it(params string[] command)
    {
        string missing = folder.Path("EleutherAI/pythia-2.8b-deduped");
        string file = folder.Write("f.jsonl", "{\"prompt\":\"a\",\"chosen\":\"b\",\"rejected\":\"c\"}\n");
        CommandRun run = await CommandRun.Of([.. command.Select(part => part switch
        {
            "$m" => missing,
            "$a" => SmallModels.Policy,
            "$f" => file,
            "$o" => folder.Path("out"),
            _ => part,
        })]);
        Assert.Equal((ExitCode.BadInput, ""), (run.Code, run.Output));
        Assert.StartsWith($"error: no model folder {missing}, and nothing is downloaded unasked.", run.Error, StringComparison.Ordinal);
        Assert.Contains("2,775,208,960 parameters: 32 layers, width 2560, 32 heads, 50304 token rows", run.Error, StringComparison.Ordinal);
        Assert.Contains("\n    goodhart pull EleutherAI/pythia-2.8b-deduped\n", run.Error, StringComparison.Ordinal);
        Assert.Contains($"\n  into {missing}\n", run.Error, StringComparison.Ordinal);
        Assert.Contains(
            "11.1 GB to sample or score, 33.3 GB to train with RMSprop, 44.4 GB with Adam", run.Error, StringComparison.Ordinal);
        Assert.False(Directory.Exists(folder.Path("out")));
    }
}
