using System.Text.Json;
using Goodhart.Models.GptNeoX;
using Goodhart.Models.Safetensors;
using Goodhart.Models.Tests.Conformance;
using Goodhart.Testing;
using Xunit;

namespace Goodhart.Models.Tests.Plain;

public sealed class PlainGptNeoXTests
{
    public static TheoryData<string> Folders => GptNeoXConformance.Folders;

    [Theory]
    [MemberData(nameof(Folders))]
    public void Logits_are_the_reference_ones(string folder)
    {
        // The files hold float64 results rounded to float32.
        Assert.All(Errors(folder, config => config), error => Assert.InRange(error, 0, 2e-6));
    }

    [Theory]
    [MemberData(nameof(Folders))]
    public void Every_constant_of_the_configuration_matters(string folder)
    {
        Func<GptNeoXConfig, GptNeoXConfig>[] mistakes =
        [
            config => config with { RotaryBase = config.RotaryBase * 2 },
            config => config with { ParallelResidual = !config.ParallelResidual },
            config => config with { LayerNormEpsilon = config.LayerNormEpsilon * 1000 },
            config => config with { Activation = config.Activation == Activation.Gelu ? Activation.GeluNew : Activation.Gelu },
        ];
        Assert.All(mistakes, mistake => Assert.True(Errors(folder, mistake).Max() > 2e-5));
    }

    [Fact]
    public void Log_probs_are_normalised_logits()
    {
        PlainModel model = Open(ModelFolder.Open(Golden.Path("gptneox", "a-parallel-f32", "policy")), config => config);
        double[] sums = [.. Enumerable.Range(0, 128).Select(token => Math.Exp(model.LogProbs([5, 9, token])[^1]))];
        Assert.Equal(1, sums.Sum(), 1e-12);
    }

    private static List<double> Errors(string name, Func<GptNeoXConfig, GptNeoXConfig> change)
    {
        using ModelFolder folder = ModelFolder.Open(Golden.Path("gptneox", name, "policy"));
        using SafetensorsReader expected = SafetensorsReader.Open(Golden.Path("gptneox", name, "expected.safetensors"));
        PlainModel model = Open(folder, change);
        int index = 0;
        List<double> errors = [];
        foreach (JsonElement sequence in Golden.Json("gptneox", name, "expected.json").GetProperty("full").EnumerateArray())
        {
            double[] logits = [.. model.Logits(sequence.GetProperty("input_ids").Ints()).SelectMany(row => row)];
            float[] wanted = new float[logits.Length];
            expected.ReadF32($"logits.full.{index++}", wanted);
            errors.Add(wanted.Zip(logits, (a, b) => Math.Abs(a - b)).Max());
        }

        return errors;
    }

    private static PlainModel Open(ModelFolder folder, Func<GptNeoXConfig, GptNeoXConfig> change) => change((GptNeoXConfig)folder.Config).CreatePlain(name =>
    {
        float[] values = new float[folder.Tensors.Single(tensor => tensor.Name == name).Shape.Elements];
        folder.ReadInto(name, values);
        return values;
    });
}
