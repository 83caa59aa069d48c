using System.Text.Json;
using System.Text.Json.Nodes;
using Goodhart.Engine;
using Goodhart.Engine.Conformance.Folders;
using Goodhart.Engine.Cpu;
using Goodhart.Models.Rewards;
using Goodhart.Models.Safetensors;
using Goodhart.Models.Sampling;
using Goodhart.Models.Scoring;
using Goodhart.Models.Tests.Conformance;
using Goodhart.Models.Tests.Safetensors;
using Goodhart.Testing;
using Xunit;

namespace Goodhart.Models.Tests.Llama;

public sealed class LlamaFolderTests : IDisposable
{
    private readonly ScratchFolder scratch = new();

    public static TheoryData<string> Folders => [.. CheckpointConformance.Llama];

    public void Dispose() => scratch.Dispose();

    /// <summary>The score is the head's row times the last token's hidden state, whatever the padding's id is.</summary>
    [Theory]
    [MemberData(nameof(Folders))]
    public void A_score_reads_the_last_token(string folder)
    {
        using CpuDevice device = new();
        string path = scratch.PathOf("score");
        float[] row;
        using (LanguageModel language = ModelFolder.Load(device, Golden.Path("decoders", folder, "policy"), training: false))
        using (LanguageModel score = ScoreModel.From(language, seed: 4, training: false))
        {
            row = score.Parameters.Get("score.weight");
            ModelFolder.Save(score, path);
        }

        using LanguageModel loaded = ModelFolder.Load(device, path, training: false, OutputHead.Score);
        Assert.EndsWith("ForSequenceClassification", loaded.Config.ClassName(loaded.Config.Head), StringComparison.Ordinal);
        int[] ids = Golden.Json("decoders", folder, "expected.json").GetProperty("full")[0].GetProperty("input_ids").Ints();
        using SafetensorsReader expected = SafetensorsReader.Open(Golden.Path("decoders", folder, "expected.safetensors"));
        TensorEntry final = expected.Tensors.Single(tensor => tensor.Name == "hidden.full.0.final_norm");
        float[] hidden = new float[final.Shape.Elements];
        expected.ReadF32(final.Name, hidden);
        int width = row.Length;
        double wanted = row.Zip(hidden[^width..], (a, b) => (double)a * b).Sum();
        using RewardScorer scorer = new(loaded);
        Assert.Equal(wanted, scorer.Rewards([new PromptTree(ids[..5], [ids[5..]])])[0][0], 1e-4);
    }

    [Fact]
    public void Any_of_several_ends_stops_a_response()
    {
        using CpuDevice device = new();
        using LanguageModel model = ModelFolder.Load(device, Golden.Path("decoders", "llama-gqa-f32", "policy"), training: false);
        Assert.Equal([4], model.Config.FurtherEosTokenIds);

        // Hidden states are bent so that token 4 always wins.
        float[] head = new float[128 * 48];
        model.Parameters.Set("model.norm.weight", new float[48]);
        model.Parameters.Set("lm_head.weight", head);
        using Sampler sampler = new(model, new SamplingOptions(EosId: 2, MaxNewTokens: 300, Seed: 1, Purpose: "test"));
        Rollout[] rollouts = [.. sampler.Sample([.. Enumerable.Range(0, 64).Select(i => new SamplingPrompt(i, [1, 7, 9]))])];
        Assert.Contains(rollouts, rollout => rollout.Finished && rollout.Tokens[^1] == 4);
        Assert.Contains(rollouts, rollout => rollout.Finished && rollout.Tokens[^1] == 2);
        Assert.All(rollouts, rollout => Assert.DoesNotContain(rollout.Tokens[..^1], token => token is 2 or 4));
    }

    [Fact]
    public void A_missing_tensor_is_refused()
    {
        using ModelFolder original = ModelFolder.Open(Golden.Path("decoders", "qwen3-f32", "policy"), told: null);
        string path = scratch.PathOf("model");
        ModelFolder.Save(path, original.Config, original.ReadInto);
        TensorSpec[] kept =
        [
            .. original.Tensors.Where(tensor => !tensor.Name.EndsWith("1.self_attn.k_norm.weight", StringComparison.Ordinal)),
        ];
        SafetensorsWriter.Write(Path.Combine(path, "model.safetensors"), kept, original.ReadInto);
        Assert.Contains(
            "1 missing: model.layers.1.self_attn.k_norm.weight [16].",
            Assert.Throws<InvalidDataException>(() => ModelFolder.Open(path, told: null)).Message,
            StringComparison.Ordinal);
    }

    /// <summary>config.json wins, as in transformers 4, which says nothing; version 5 would use the stored head.</summary>
    [Theory]
    [InlineData("decoders/qwen3-f32", "lm_head.weight")]
    [InlineData("gptneox/d-sequential-f16-odd", "embed_out.weight")]
    public void A_tied_head_that_is_stored_is_told_and_not_used(string folder, string head)
    {
        using CpuDevice device = new();
        List<string> notes = [];
        using ModelFolder original = ModelFolder.Open(Golden.Path(folder, "policy"), notes.Add);
        using LanguageModel tied = original.Load(device, training: false);
        Assert.Empty(notes);
        string path = scratch.PathOf("model");
        ModelFolder.Save(path, original.Config, original.ReadInto);
        int count = original.Config.VocabSize * original.Config.HiddenSize;
        (int Rows, int Change, string Told)[] heads = [(0, 0, "it is the same"), (0, 1, "is not used"), (1, 0, "is not used")];
        foreach ((int rows, int change, string told) in heads)
        {
            TensorShape shape = new(original.Config.VocabSize + rows, original.Config.HiddenSize);
            TensorSpec[] tensors = [.. original.Tensors, new TensorSpec(head, shape)];
            SafetensorsWriter.Write(Path.Combine(path, "model.safetensors"), tensors, (name, values) =>
            {
                original.ReadInto(name == head ? original.Config.EmbeddingName : name, name == head ? values[..count] : values);
                values[0] += name == head ? change : 0;
            });
            notes.Clear();
            using ModelFolder found = ModelFolder.Open(path, notes.Add);
            string note = Assert.Single(notes);
            Assert.StartsWith($"{path}: {head} is stored", note, StringComparison.Ordinal);
            Assert.Contains(told, note, StringComparison.Ordinal);
            using LanguageModel model = found.Load(device, training: false);
            Assert.Equal(device.ReadF32(tied.Parameters.Values), device.ReadF32(model.Parameters.Values));
        }
    }

    [Fact]
    public void A_model_made_from_its_size_trains_and_comes_back()
    {
        using CpuDevice device = new();
        ModelConfig config = Architecture.Named("llama").Create(
            new ModelDimensions { HiddenSize = 24, Layers = 2, Heads = 3, VocabSize = 40, MaxPositions = 64, EosTokenId = 1 });
        using LanguageModel model = config.Create(device, training: false);
        WeightInitializer.Initialize(model, seed: 3);
        ModelFolder.Save(model, scratch.PathOf("new"));
        using LanguageModel again = ModelFolder.Load(device, scratch.PathOf("new"), training: false);
        Assert.Equal(device.ReadF32(model.Parameters.Values), device.ReadF32(again.Parameters.Values));
        Assert.Equal(1f, model.Parameters.Get("model.layers.0.input_layernorm.weight")[0]);
        JsonNode json = JsonNode.Parse(File.ReadAllText(scratch.PathOf("new", "config.json")))!;
        Assert.Equal("LlamaForCausalLM", (string)json["architectures"]![0]!);
    }
}
