using Goodhart.Models;
using Goodhart.Models.Safetensors;
using Xunit;

namespace Goodhart.Cli.Tests.Verbs;

/// <summary>A head in the file of a model whose head is tied is not used: whoever loads the model is told.</summary>
public sealed class TiedHeadTests : IDisposable
{
    private readonly TemporaryFolder folder = new();
    private readonly string model;

    public TiedHeadTests()
    {
        string world = SmallModels.World(folder, "untied");
        model = folder.Path("tied");
        using ModelFolder untied = ModelFolder.Open(world);
        ModelFolder.Save(model, untied.Config with { TiedEmbeddings = true }, untied.ReadInto);
        SafetensorsWriter.Write(Path.Combine(model, "model.safetensors"), untied.Tensors, untied.ReadInto);   // with the head it had
        File.Copy(Path.Combine(world, "tokenizer.json"), Path.Combine(model, "tokenizer.json"));
        File.Copy(Path.Combine(world, "tokenizer_config.json"), Path.Combine(model, "tokenizer_config.json"), overwrite: true);
        folder.Write("prompts.jsonl", "{\"promptIds\":[5,9]}\n");
        folder.Write("rows.jsonl", "{\"promptIds\":[5,9],\"responseIds\":[7,8]}\n");
        folder.Write(
            "pairs.jsonl", string.Concat(Enumerable.Repeat("{\"prompt\":\"my sister\",\"chosen\":\" my\",\"rejected\":\" sister\"}\n", 4)));
        folder.Write("sft.jsonl", "{\"prompt\":\"my sister\",\"completion\":\" my\"}\n");
    }

    public void Dispose() => folder.Dispose();

    [Theory]
    [InlineData("sample $m --prompts $d/prompts.jsonl --max-new-tokens 2")]
    [InlineData("score $m --data $d/rows.jsonl")]
    [InlineData("kl $m $m --prompts $d/prompts.jsonl --max-new-tokens 2")]
    [InlineData("verify $m --pairs 1")]
    [InlineData("average $m $m --out $d/average")]
    [InlineData("sft $m $d/sft.jsonl --batch-size 1 --max-tokens 64 --out $d/run")]
    [InlineData("align $m $d/pairs.jsonl --batch-size 1 --max-tokens 64 --out $d/run")]
    [InlineData("reward $m --data $d/pairs.jsonl --batch-size 1 --max-tokens 64 --out $d/run")]
    public async Task It_is_told_on_standard_error(string command)
    {
        CommandRun run = await CommandRun.Of([.. command.Split(' ').Select(Filled)]);
        Assert.True(run.Code == ExitCode.Done, $"{run}");
        Assert.Contains(
            $"{model}: embed_out.weight is stored and is not gpt_neox.embed_in.weight, but", run.Error, StringComparison.Ordinal);
        Assert.DoesNotContain("is stored", run.Output, StringComparison.Ordinal);
    }

    private string Filled(string text) => text
        .Replace("$m", model, StringComparison.Ordinal).Replace("$d", Path.GetDirectoryName(model)!, StringComparison.Ordinal);
}
