using System.Text.Json;
using Goodhart.Models.GptNeoX;
using Xunit;

namespace Goodhart.Cli.Tests.Verbs;

public sealed class VerifyVerbTests : IDisposable
{
    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public async Task A_sound_model_gets_its_certificate()
    {
        CommandRun run = await CommandRun.Of("verify", SmallModels.Policy, SmallModels.Reference, "--quiet");
        Assert.Equal((ExitCode.Done, ""), (run.Code, run.Error));
        Assert.Contains("14 of 14 passed", run.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_users_own_rows_are_used()
    {
        string model = SmallModels.World(folder, "model");
        string data = folder.Write(
            "pairs.jsonl",
            "{\"prompt\":\"my sister is\",\"chosen\":\"angry\",\"rejected\":\"happy . "
                + "my\"}\n{\"prompt\":\"my\",\"chosen\":\"car\",\"rejected\":\"boss is sad\"}\n");
        CommandRun run = await CommandRun.Of("verify", model, "--data", data, "--json", "--threads", "2");
        Assert.Equal(ExitCode.Done, run.Code);
        JsonElement report = JsonDocument.Parse(run.Output).RootElement;
        Assert.True(report.GetProperty("passed").GetBoolean());
        Assert.Equal(2, report.GetProperty("pairs").GetInt32());
        Assert.Equal(12, report.GetProperty("checks").GetArrayLength());
    }

    [Fact]
    public async Task A_broken_model_is_code_1()
    {
        string model = SmallModels.World(folder, "model", change: broken =>
        {
            string name = GptNeoXTensorNames.Layer(0, "attention.dense") + ".weight";
            float[] values = broken.Parameters.Get(name);
            values[7] = float.NaN;
            broken.Parameters.Set(name, values);
        });
        CommandRun run = await CommandRun.Of("verify", model);
        Assert.Equal(ExitCode.Failed, run.Code);
        Assert.Contains("not finite", run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Bad_input_is_code_2()
    {
        Assert.Equal(ExitCode.BadInput, (await CommandRun.Of("verify", folder.Path("none"))).Code);
        CommandRun vocabulary = await CommandRun.Of("verify", SmallModels.Policy, SmallModels.OtherVocabulary);
        Assert.Equal(ExitCode.BadInput, vocabulary.Code);
        Assert.Contains("same vocabulary", vocabulary.Error, StringComparison.Ordinal);
        string text = folder.Write("t.jsonl", "{\"prompt\":\"a\",\"chosen\":\"b\",\"rejected\":\"c\"}\n");
        CommandRun noTokenizer = await CommandRun.Of("verify", SmallModels.Policy, "--data", text);
        Assert.Equal(ExitCode.BadInput, noTokenizer.Code);
        Assert.Contains("no tokenizer.json", noTokenizer.Error, StringComparison.Ordinal);
    }
}
