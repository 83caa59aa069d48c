using System.Text.Json.Nodes;
using Xunit;

namespace Goodhart.Cli.Tests.Stages;

/// <summary>A loss's own numbers reach the run, its record and its identity.</summary>
public sealed class LossOptionTests(TinyRun tiny) : IClassFixture<TinyRun>
{
    [Fact]
    public async Task Parameters_and_the_nll_term_are_trained_with_and_are_part_of_the_runs_identity()
    {
        JsonNode plain = await Align("length", "--loss", "r-dpo", "--loss-parameter", "alpha=0.02");
        Assert.Equal(("r-dpo", 0.1, 0.02), Loss(plain));
        string weights = Weights("length");

        JsonNode other = await Align("length", "--loss", "r-dpo", "--loss-parameter", "alpha=0.5");
        Assert.Equal(("r-dpo", 0.1, 0.5), Loss(other));
        Assert.NotEqual(weights, Weights("length"));

        JsonNode again = await Align("length", "--loss", "r-dpo", "--loss-parameter", "alpha=0.02");
        Assert.Equal(plain["loss"]!.ToJsonString(), again["loss"]!.ToJsonString());
        Assert.Equal(weights, Weights("length"));

        JsonNode held = await Align("length", "--loss", "r-dpo", "--loss-parameter", "alpha=0.02", "--nll-weight", "0.5");
        Assert.Equal(("r-dpo+nll", 0.1, 0.02), Loss(held));
        Assert.Equal(0.5, (double)held["loss"]!["parameters"]!["nll-weight"]!);
        Assert.NotEqual(weights, Weights("length"));
    }

    [Theory]
    [InlineData("aot")]
    [InlineData("kto-pair")]
    [InlineData("simpo")]
    [InlineData("orpo")]
    [InlineData("ipo-mean")]
    public async Task Losses_that_are_no_function_of_the_margin_train(string loss)
    {
        string folder = $"trained-{loss}";
        CommandRun run = await tiny.AlignAsync(
            folder, "--loss", loss, "--held-out", tiny.Data("heldout-preferences"), "--row-budget", "100");
        Assert.Equal((ExitCode.Done, ""), (run.Code, run.Error));
        JsonNode[] lines = [.. File.ReadLines(tiny.Fresh($"{folder}/metrics.jsonl")).Select(line => JsonNode.Parse(line)!)];
        Assert.All(lines, line => Assert.True(double.IsFinite((double)(line["loss"] ?? line["eval/loss"])!)));
        Assert.Contains(lines, line => line["eval/loss"] is not null);
    }

    [Fact]
    public async Task Parameters_can_stand_in_a_config_file()
    {
        string config = tiny.Fresh("loss.yaml");
        File.WriteAllText(config, "loss: kto-pair\nlossParameter: [desirable-weight=2, undesirable-weight=0.5]\n");
        JsonNode record = await Align("weighted", "--config", config);
        Assert.Equal(2, (double)record["loss"]!["parameters"]!["desirable-weight"]!);
        Assert.Equal(0.5, (double)record["loss"]!["parameters"]!["undesirable-weight"]!);
    }

    [Theory]
    [InlineData("dpo has no parameter 'alpha': expected none.", "--loss-parameter", "alpha=1")]
    [InlineData("r-dpo has no parameter 'alhpa': expected alpha.", "--loss", "r-dpo", "--loss-parameter", "alhpa=1")]
    [InlineData("cdpo: expected label-smoothing in [0, 0.5), got 0.5.", "--loss", "cdpo", "--loss-parameter", "label-smoothing=0.5")]
    [InlineData(
        "--loss-parameter: expected NAME=VALUE with a number, such as alpha=0.02, found alpha.", "--loss", "r-dpo", "--loss-parameter",
        "alpha")]
    [InlineData("expected each parameter once, found alpha twice", "--loss", "r-dpo", "--loss-parameter", "alpha=1,alpha=2")]
    [InlineData("--nll-weight: expected a number >= 0, found -1.", "--nll-weight", "-1")]
    [InlineData("cpo has an NLL term of its own: set its parameter nll-weight instead.", "--loss", "cpo", "--nll-weight", "1")]
    public async Task Wrong_numbers_are_refused(string message, params string[] options)
    {
        CommandRun run = await tiny.AlignAsync("refused", options);
        Assert.Equal((ExitCode.BadInput, ""), (run.Code, run.Output));
        Assert.Contains(message, run.Error, StringComparison.Ordinal);
        Assert.False(Directory.Exists(tiny.Fresh("refused")));
    }

    private static (string, double, double) Loss(JsonNode record)
    {
        JsonNode loss = record["loss"]!;
        return ((string)loss["name"]!, (double)loss["beta"]!, (double)loss["parameters"]!["alpha"]!);
    }

    private string Weights(string folder) => Convert.ToHexString(System.Security.Cryptography.SHA256.HashData(
        File.ReadAllBytes(tiny.Fresh($"{folder}/model/model.safetensors"))));

    private async Task<JsonNode> Align(string folder, params string[] options)
    {
        CommandRun run = await tiny.AlignAsync(folder, options);
        Assert.Equal((ExitCode.Done, ""), (run.Code, run.Error));
        return JsonNode.Parse(File.ReadAllText(tiny.Fresh($"{folder}/run.json")))!;
    }
}
