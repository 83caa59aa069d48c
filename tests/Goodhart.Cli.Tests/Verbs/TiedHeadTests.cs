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
        using ModelFolder untied = ModelFolder.Open(world, told: null);
        ModelFolder.Save(model, untied.Config with { TiedEmbeddings = true }, untied.ReadInto);
        SafetensorsWriter.Write(Path.Combine(model, "model.safetensors"), untied.Tensors, untied.ReadInto);   // with the head it had
        File.Copy(Path.Combine(world, "tokenizer.json"), Path.Combine(model, "tokenizer.json"));
        File.Copy(Path.Combine(world, "tokenizer_config.json"), Path.Combine(model, "tokenizer_config.json"), overwrite: true);
        folder.Write("prompts.jsonl", "{\"promptIds\":[5,9]}\n");
        folder.Write("rows.jsonl", "{\"promptIds\":[5,9],\"responseIds\":[7,8]}\n");
        folder.Write(
            "pairs.jsonl",
            string.Concat(Enumerable.Range(1, 4).Select(i => string.Join(' ', Enumerable.Repeat("my", i))).Select(
                prompt => $"{{\"prompt\":\"{prompt}\",\"chosen\":\" my\",\"rejected\":\" sister\"}}\n")));
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
    [InlineData("evaluate $m --reference $u --prompts $d/sft.jsonl --max-new-tokens 2 --out $d/run")]
    [InlineData("evaluate $u --reference $m --prompts $d/pairs.jsonl --max-new-tokens 2 --judge gold --judge-plan --out $d/run")]
    [InlineData("softq $m $u --prompts $d/prompts.jsonl --beta 0.1 --data $d/pairs.jsonl --max-new-tokens 2")]
    [InlineData("softq $u $m --prompts $d/prompts.jsonl --beta 0.1 --data $d/pairs.jsonl --max-new-tokens 2")]
    [InlineData("softq $u $u --prompts $d/prompts.jsonl --beta 0.1 --data $d/pairs.jsonl --max-new-tokens 2 --compare $m=0.2")]
    [InlineData(
        "study --preset pythia-tldr-clean --plan --out $d/run --set models=[{\"name\":\"own\",\"from\":\"$m\"}] --set "
            + "data.preferences=$d/pairs.jsonl "
        + "--set data.heldOut=$d/pairs.jsonl --set data.sft=$d/sft.jsonl --set data.prompt={\"maxTokens\":16,\"truncate\":\"keepEnd\"} "
        + "--set judge=none --set align.checkpoints=[1] "
        + "--set sft.batchSize=1 --set align.batchSize=1 --set evaluate.prompts=2 --set evaluate.heldOutPairs=2 --set "
        + "evaluate.maxNewTokens=8")]
    public async Task It_is_told_on_standard_error(string command)
    {
        CommandRun run = await CommandRun.Of([.. command.Split(' ').Select(Filled)]);
        Assert.True(run.Code == ExitCode.Done, $"{run}");
        string note = $"{model}: embed_out.weight is stored and is not gpt_neox.embed_in.weight, but";
        Assert.Single(run.Error.Split('\n'), line => line.StartsWith(note, StringComparison.Ordinal));
        Assert.DoesNotContain("is stored", run.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task It_is_told_of_the_model_that_ppo_starts_from()
    {
        string reward = folder.Path("reward");
        string train = "reward $u --data $d/pairs.jsonl --batch-size 1 --max-tokens 64 --out $d/reward";
        CommandRun run = await CommandRun.Of([.. train.Split(' ').Select(Filled)]);
        Assert.True(run.Code == ExitCode.Done, $"{run}");
        await It_is_told_on_standard_error(
            $"ppo $m --reward {reward} --prompts $d/pairs.jsonl --checkpoints 1 --collections 1 --prompts-per-collection 1 "
                + "--max-new-tokens 2 --out $d/run");
    }

    private string Filled(string text) => text
        .Replace("$u", folder.Path("untied"), StringComparison.Ordinal)
        .Replace("$m", model, StringComparison.Ordinal).Replace("$d", Path.GetDirectoryName(model)!, StringComparison.Ordinal);
}
