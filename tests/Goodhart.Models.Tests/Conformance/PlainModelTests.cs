using System.Text.Json;
using Goodhart.Engine.Conformance.Folders;
using Goodhart.Models.GptNeoX;
using Goodhart.Models.Llama;
using Goodhart.Models.Safetensors;
using Goodhart.Testing;
using Xunit;

namespace Goodhart.Models.Tests.Conformance;

/// <summary>The equations in double precision against the reference checkpoints.</summary>
public sealed class PlainModelTests
{
    public static TheoryData<string> Folders => CheckpointConformance.Folders;

    [Theory]
    [MemberData(nameof(Folders))]
    public void Logits_are_the_reference_ones(string folder)
    {
        // The files hold float64 results rounded to float32.
        Assert.All(Errors(folder, config => config), error => Assert.InRange(error, 0, 2e-6));
    }

    [Theory]
    [MemberData(nameof(Folders))]
    public void Every_constant_of_the_configuration_matters(string folder) =>
        Assert.All(Mistakes(Config(folder)), mistake => Assert.True(Errors(folder, _ => mistake).Max() > 2e-5, mistake.ToString()));

    [Fact]
    public void Log_probs_are_normalised_logits()
    {
        PlainModel model = Open(ModelFolder.Open(Golden.Path("gptneox", "a-parallel-f32", "policy"), told: null), config => config);
        double[] sums = [.. Enumerable.Range(0, 128).Select(token => Math.Exp(model.LogProbs([5, 9, token])[^1]))];
        Assert.Equal(1, sums.Sum(), 1e-12);
    }

    private static ModelConfig[] Mistakes(ModelConfig config) => config switch
    {
        GptNeoXConfig neox =>
        [
            neox with { RotaryBase = neox.RotaryBase * 2 },
            neox with { ParallelResidual = !neox.ParallelResidual },
            neox with { LayerNormEpsilon = neox.LayerNormEpsilon * 1000 },
            neox with { Activation = neox.Activation == Activation.Gelu ? Activation.GeluNew : Activation.Gelu },
        ],
        LlamaConfig { Scaling: { } scaling } llama =>
        [
            llama with { Scaling = null },
            llama with { Scaling = scaling with { LowTurns = 2 } },
            llama with { Scaling = scaling with { OriginalPositions = 2 * scaling.OriginalPositions } },
        ],
        LlamaConfig llama =>
        [
            llama with { RotaryBase = llama.RotaryBase * 2 },
            llama with { NormEpsilon = llama.NormEpsilon * 1000 },
            llama with { Window = llama.Window == 0 ? 4 : llama.Window + 1 },
        ],
        _ => throw new ArgumentException(config.ModelType),
    };

    private static ModelConfig Config(string folder) => ModelConfig.Read(Golden.Path(folder, "policy", "config.json"));

    private static List<double> Errors(string name, Func<ModelConfig, ModelConfig> change)
    {
        using ModelFolder folder = ModelFolder.Open(Golden.Path(name, "policy"), told: null);
        using SafetensorsReader expected = SafetensorsReader.Open(Golden.Path(name, "expected.safetensors"));
        PlainModel model = Open(folder, change);
        int index = 0;
        List<double> errors = [];
        foreach (JsonElement sequence in Golden.Json(name, "expected.json").GetProperty("full").EnumerateArray())
        {
            double[] logits = [.. model.Logits(sequence.GetProperty("input_ids").Ints()).SelectMany(row => row)];
            float[] wanted = new float[logits.Length];
            expected.ReadF32($"logits.full.{index++}", wanted);
            errors.Add(wanted.Zip(logits, (a, b) => Math.Abs(a - b)).Aggregate(Math.Max));   // Math.Max keeps NaN
        }

        return errors;
    }

    private static PlainModel Open(ModelFolder folder, Func<ModelConfig, ModelConfig> change) => change(folder.Config).CreatePlain(name =>
    {
        float[] values = new float[folder.Tensors.Single(tensor => tensor.Name == name).Shape.Elements];
        folder.ReadInto(name, values);
        return values;
    });
}
