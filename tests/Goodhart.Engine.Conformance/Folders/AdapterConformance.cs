using System.Text.Json;
using Goodhart.Models;
using Goodhart.Models.Safetensors;
using Goodhart.Models.Scoring;
using Goodhart.Testing;
using Xunit;

namespace Goodhart.Engine.Conformance.Folders;

/// <summary>
/// The reference adapters as models: logits and log-probs with the adapter on and off, and merged; every device inherits the same tests.
/// </summary>
public abstract class AdapterConformance(Func<IDevice> createDevice)
{
    public static TheoryData<string> Folders => ["llama-gqa-f32", "gptneox-a-parallel-f32"];

    [Theory]
    [MemberData(nameof(Folders))]
    public void Logits_agree(string folder)
    {
        using IDevice device = createDevice();
        using LanguageModel model = ModelFolder.Load(device, Golden.Path("decoders", "lora", folder, "adapter"), training: false);
        using SafetensorsReader expected = SafetensorsReader.Open(Golden.Path("decoders", "lora", folder, "expected.safetensors"));
        JsonElement json = Golden.Json("decoders", "lora", folder, "expected.json");
        foreach (string set in (string[])["full", "ragged"])
        {
            int index = 0;
            foreach (JsonElement sequence in json.GetProperty(set).EnumerateArray())
            {
                Close(expected, $"logits.{set}.{index++}", SmallForward.Logits(device, model, sequence.GetProperty("input_ids").Ints()));
            }
        }
    }

    [Theory]
    [MemberData(nameof(Folders))]
    public void Rank_stabilised_logits_agree(string folder)
    {
        DirectoryInfo copy = Directory.CreateTempSubdirectory("goodhart-adapter-");
        try
        {
            string source = Golden.Path("decoders", "lora", folder, "adapter");
            string config = File.ReadAllText(Path.Combine(source, "adapter_config.json"));
            string stated = JsonDocument.Parse(config).RootElement.GetProperty("base_model_name_or_path").GetString()!;
            File.WriteAllText(
                Path.Combine(copy.FullName, "adapter_config.json"),
                config.Replace("\"use_rslora\": false", "\"use_rslora\": true", StringComparison.Ordinal)
                    .Replace(stated, Path.GetFullPath(Path.Combine(source, stated)).Replace('\\', '/'), StringComparison.Ordinal));
            File.Copy(Path.Combine(source, "adapter_model.safetensors"), Path.Combine(copy.FullName, "adapter_model.safetensors"));

            using IDevice device = createDevice();
            using LanguageModel model = ModelFolder.Load(device, copy.FullName, training: false);
            using SafetensorsReader expected = SafetensorsReader.Open(Golden.Path("decoders", "lora", folder, "expected.safetensors"));
            int[] ids = Golden.Json("decoders", "lora", folder, "expected.json").GetProperty("full")[0].GetProperty("input_ids").Ints();
            Close(expected, "rslora.logits.full.0", SmallForward.Logits(device, model, ids));
        }
        finally
        {
            copy.Delete(recursive: true);
        }
    }

    /// <summary>The adapted policy and, on the same parameters, the model with the adapter off.</summary>
    [Theory]
    [MemberData(nameof(Folders))]
    public void The_adapter_off_is_the_base_and_on_the_policy(string folder)
    {
        using IDevice device = createDevice();
        using LanguageModel model = ModelFolder.Load(device, Golden.Path("decoders", "lora", folder, "adapter"), training: true);
        using LanguageModel off = model.WithAdapter(null);
        Assert.Same(model.Parameters, off.Parameters);
        Assert.False(off.TrainedParameters.All[0].IsTrained);
        Assert.True(model.TrainedParameters.All[0].IsTrained);

        JsonElement preference = Golden.Json("decoders", "lora", folder, "expected.json").GetProperty("preference");
        foreach ((LanguageModel one, string role) in ((LanguageModel, string)[])[(model, "policy"), (off, "reference"), (model, "policy")])
        {
            using ResponseScorer scorer = new(one);
            double[][] scored = scorer.LogProbs([.. preference.GetProperty("pairs").EnumerateArray().Select(Tree)]);
            double[] chosen = preference.GetProperty(role + "_chosen_logps").Doubles();
            double[] rejected = preference.GetProperty(role + "_rejected_logps").Doubles();
            for (int i = 0; i < scored.Length; i++)
            {
                Assert.Equal(chosen[i], scored[i][0], 1e-4);
                Assert.Equal(rejected[i], scored[i][1], 1e-4);
            }
        }
    }

    [Theory]
    [MemberData(nameof(Folders))]
    public void Merged_weights_agree(string folder)
    {
        using ModelFolder model = ModelFolder.Open(Golden.Path("decoders", "lora", folder, "adapter"), told: null);
        using SafetensorsReader expected = SafetensorsReader.Open(Golden.Path("decoders", "lora", folder, "expected.safetensors"));
        TensorEntry[] merged = [.. expected.Tensors.Where(tensor => tensor.Name.StartsWith("merged.", StringComparison.Ordinal))];
        Assert.NotEmpty(merged);
        foreach (TensorEntry tensor in merged)
        {
            float[] values = new float[tensor.Shape.Elements];
            model.ReadInto(tensor.Name["merged.".Length..], values);
            float[] wanted = new float[values.Length];
            expected.ReadF32(tensor.Name, wanted);
            for (int i = 0; i < values.Length; i++)
            {
                Assert.Equal(wanted[i], values[i], 1e-6f * Math.Max(1, Math.Abs(wanted[i])));
            }
        }
    }

    /// <summary>Decoding with a cache gives the logits of a whole pass.</summary>
    [Theory]
    [MemberData(nameof(Folders))]
    public void Decoding_reads_the_adapter_too(string folder)
    {
        using IDevice device = createDevice();
        using LanguageModel model = ModelFolder.Load(device, Golden.Path("decoders", "lora", folder, "adapter"), training: false);
        int[] ids = Golden.Json("decoders", "lora", folder, "expected.json").GetProperty("full")[0].GetProperty("input_ids").Ints();
        float[] whole = SmallForward.Logits(device, model, ids);
        float[] last = SmallForward.LastLogitsByDecoding(device, model, ids);
        float[] wanted = whole[^last.Length..];
        Assert.True(Rig.Largest(wanted, last) < 1e-4);
    }

    private static PromptTree Tree(JsonElement pair) => new(
        pair.GetProperty("prompt").Ints(), [pair.GetProperty("chosen").Ints(), pair.GetProperty("rejected").Ints()]);

    private static void Close(SafetensorsReader expected, string name, float[] logits)
    {
        float[] wanted = new float[logits.Length];
        expected.ReadF32(name, wanted);
        Assert.True(Rig.Largest(wanted, logits) < 1e-4, name);
    }
}
