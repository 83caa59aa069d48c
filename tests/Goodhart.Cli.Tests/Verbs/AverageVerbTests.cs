using System.Text.Json.Nodes;
using Goodhart.Models;
using Goodhart.Models.Safetensors;
using Xunit;

namespace Goodhart.Cli.Tests.Verbs;

public sealed class AverageVerbTests : IDisposable
{
    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Theory]
    [InlineData("--alpha", "0.25", 0.75, 0.25)]
    [InlineData("--ema", "0.75", 0.75, 0.25)]
    [InlineData("--weights", "0.4,0.6", 0.4, 0.6)]
    [InlineData(null, null, 0.5, 0.5)]
    public async Task Every_value_is_the_weighted_sum_in_double(string? option, string? value, double one, double other)
    {
        (string a, string b) = (SmallModels.World(folder, "a", 1), SmallModels.World(folder, "b", 2));
        CommandRun run = await CommandRun.Of(
            ["average", a, b, "--out", folder.Path("mean"), .. option is null ? (string[])[] : [option, value!]]);
        Assert.Equal((ExitCode.Done, ""), (run.Code, run.Error));
        (Dictionary<string, float[]> first, Dictionary<string, float[]> second) = (Read(a), Read(b));
        Assert.All(Read(folder.Path("mean")), tensor => Assert.Equal(
            first[tensor.Key].Zip(second[tensor.Key], (x, y) => (float)((one * x) + (other * y))), tensor.Value));

        JsonNode record = JsonNode.Parse(File.ReadAllText(folder.Path("mean/average.json")))!;
        Assert.Equal([one, other], record["models"]!.AsArray().Select(model => (double)model!["weight"]!));
        Assert.All(record["models"]!.AsArray(), model => Assert.Equal(64, ((string)model!["sha256"]!).Length));
        Assert.Equal(File.ReadAllText(Path.Combine(a, "tokenizer.json")), File.ReadAllText(folder.Path("mean/tokenizer.json")));
    }

    [Fact]
    public async Task The_ends_of_an_interpolation_are_the_models_themselves()
    {
        (string a, string b) = (SmallModels.World(folder, "a", 1), SmallModels.World(folder, "b", 2));
        foreach ((string alpha, string end) in ((string, string)[])[("0", a), ("1", b)])
        {
            Assert.Equal(ExitCode.Done, (await CommandRun.Of("average", a, b, "--alpha", alpha, "--out", folder.Path($"at{alpha}"))).Code);
            Assert.Equal(Read(end), Read(folder.Path($"at{alpha}")));
        }
    }

    [Fact]
    public async Task A_folder_stands_for_its_checkpoints_in_order_and_half_precision_is_rounded_once()
    {
        SmallModels.World(folder, "run/step-10", 1);
        SmallModels.World(folder, "run/step-9", 2);
        CommandRun run = await CommandRun.Of(
            "average", folder.Path("run"), "--ema", "0.75", "--dtype", "bfloat16", "--out", folder.Path("ema"), "--json");
        Assert.Equal((ExitCode.Done, ""), (run.Code, run.Error));
        JsonNode[] models = [.. JsonNode.Parse(run.Output)!["models"]!.AsArray().Select(model => model!)];
        Assert.Equal(["step-9", "step-10"], models.Select(model => Path.GetFileName((string)model["path"]!)));
        Assert.Equal([0.75, 0.25], models.Select(model => (double)model["weight"]!));
        (
            Dictionary<string, float[]> first,
            Dictionary<string, float[]> second) = (Read(folder.Path("run/step-9")), Read(folder.Path("run/step-10")));
        Assert.All(Read(folder.Path("ema")), tensor =>
        {
            for (int i = 0; i < tensor.Value.Length; i++)
            {
                double exact = (0.75 * first[tensor.Key][i]) + (0.25 * second[tensor.Key][i]);
                Assert.Equal(exact, tensor.Value[i], Math.Abs(exact) / 256);
            }
        });
    }

    [Fact]
    public async Task Models_of_other_shapes_are_refused_with_the_names_of_what_differs()
    {
        CommandRun run = await CommandRun.Of("average", SmallModels.Policy, SmallModels.OtherVocabulary, "--out", folder.Path("mean"));
        Assert.Equal(ExitCode.BadInput, run.Code);
        Assert.Contains("expected models of one shape, found gpt_neox.embed_in.weight [128, ", run.Error, StringComparison.Ordinal);
        Assert.Contains(" more. Only models that were trained from one start can be averaged.", run.Error, StringComparison.Ordinal);
        Assert.False(Directory.Exists(folder.Path("mean")));
    }

    [Fact]
    public async Task A_constant_that_no_shape_shows_is_refused_too()
    {
        string a = SmallModels.World(folder, "a", 1);
        string b = SmallModels.World(folder, "b", 2);
        string config = Path.Combine(b, "config.json");
        JsonObject changed = JsonNode.Parse(File.ReadAllText(config))!.AsObject();
        changed["use_parallel_residual"] = false;
        File.WriteAllText(config, changed.ToJsonString());
        CommandRun run = await CommandRun.Of("average", a, b, "--out", folder.Path("mean"));
        Assert.Equal(ExitCode.BadInput, run.Code);
        Assert.Contains("found ParallelResidual True and False", run.Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("found 2: leave the others out", "--alpha", "0.5", "--ema", "0.5")]
    [InlineData("--alpha: expected a number from 0 to 1, found 1.5", "--alpha", "1.5")]
    [InlineData("expected a weight for each of 2 models, found 3", "--weights", "0.2,0.3,0.5")]
    [InlineData("expected weights that add up to 1, found 0.9", "--weights", "0.5,0.4")]
    [InlineData("--weights: expected a finite number, found half", "--weights", "half,0.5")]
    [InlineData("decay in [0, 1), found 1.", "--ema", "1")]
    public async Task Wrong_weights_are_refused_and_nothing_is_written(string message, params string[] options)
    {
        (string a, string b) = (SmallModels.World(folder, "a", 1), SmallModels.World(folder, "b", 2));
        CommandRun run = await CommandRun.Of(["average", a, b, "--out", folder.Path("mean"), .. options]);
        Assert.Equal(ExitCode.BadInput, run.Code);
        Assert.Contains(message, run.Error, StringComparison.Ordinal);
        Assert.False(Directory.Exists(folder.Path("mean")));
    }

    [Fact]
    public async Task Nothing_is_written_over()
    {
        string a = SmallModels.World(folder, "a", 1);
        CommandRun run = await CommandRun.Of("average", a, a, "--out", a);
        Assert.NotEqual(ExitCode.Done, run.Code);
        Assert.Contains("expected a new or empty folder to save a model into", run.Error, StringComparison.Ordinal);
    }

    private static Dictionary<string, float[]> Read(string path)
    {
        using ModelFolder model = ModelFolder.Open(path, told: null);
        Dictionary<string, float[]> tensors = [];
        foreach (TensorSpec tensor in model.Tensors)
        {
            float[] values = new float[tensor.Shape.Elements];
            model.ReadInto(tensor.Name, values);
            tensors.Add(tensor.Name, values);
        }

        return tensors;
    }
}
