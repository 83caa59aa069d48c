using System.Globalization;
using System.Text.Json;
using Goodhart.Models;
using Goodhart.Models.Safetensors;
using Goodhart.Models.Scoring;
using Goodhart.Testing;
using Xunit;

namespace Goodhart.Engine.Conformance.Folders;

/// <summary>Logits and log-probs of the reference checkpoints, on one device; every device inherits the same tests.</summary>
public abstract class CheckpointConformance(Func<IDevice> createDevice)
{
    public static TheoryData<string> Folders =>
        [.. GptNeoX.Select(name => $"gptneox/{name}"), .. Llama.Select(name => $"decoders/{name}")];

    public static string[] GptNeoX => ["a-parallel-f32", "b-sequential-f32-sharded", "c-parallel-bf16", "d-sequential-f16-odd"];

    public static string[] Llama => ["llama-gqa-f32", "llama-tied-bf16", "qwen2-bf16", "qwen3-f32", "mistral-sliding-f32", "olmo2-f32"];

    [Theory]
    [MemberData(nameof(Folders))]
    public void Logits_agree(string folder)
    {
        using IDevice device = createDevice();
        using LanguageModel model = ModelFolder.Load(device, Golden.Path(folder, "policy"), training: false);
        using SafetensorsReader expected = SafetensorsReader.Open(Golden.Path(folder, "expected.safetensors"));
        JsonElement json = Golden.Json(folder, "expected.json");
        foreach (string set in (string[])["full", "ragged"])
        {
            int index = 0;
            foreach (JsonElement sequence in json.GetProperty(set).EnumerateArray())
            {
                int[] ids = sequence.GetProperty("input_ids").Ints();
                float[] logits = SmallForward.Logits(device, model, ids);
                float[] wanted = new float[logits.Length];
                expected.ReadF32($"logits.{set}.{index}", wanted);
                int wrong = Array.FindIndex([.. wanted.Zip(logits, (a, b) => Math.Abs(a - b))], distance => !(distance < 1e-4));
                Assert.True(wrong < 0, string.Create(
                    CultureInfo.InvariantCulture,
                    $"{set} {index} [{ids.Length}, {model.VocabularySize}], element {wrong}: expected {wanted[Math.Max(0, wrong)]:R}, "
                        + $"got {logits[Math.Max(0, wrong)]:R}"));
                index++;
            }
        }
    }

    [Theory]
    [MemberData(nameof(Folders))]
    public void Log_probs_of_pairs_agree_with_prompts_shared(string folder)
    {
        using IDevice device = createDevice();
        JsonElement preference = Golden.Json(folder, "expected.json").GetProperty("preference");
        foreach (string role in (string[])["policy", "reference"])
        {
            using LanguageModel model = ModelFolder.Load(device, Golden.Path(folder, role), training: false);
            using ResponseScorer scorer = new(model);
            double[][] scored = scorer.LogProbs([.. preference.GetProperty("pairs").EnumerateArray().Select(Tree)]);
            double[] chosen = preference.GetProperty(role + "_chosen_logps").Doubles();
            double[] rejected = preference.GetProperty(role + "_rejected_logps").Doubles();
            for (int i = 0; i < scored.Length; i++)
            {
                Assert.Equal(chosen[i], scored[i][0], 1e-4 * 10);
                Assert.Equal(rejected[i], scored[i][1], 1e-4 * 10);
            }
        }
    }

    /// <summary>Decoding with a cache: the most likely token, again and again, with its logits.</summary>
    [Theory]
    [MemberData(nameof(Folders))]
    public void Greedy_decoding_agrees(string folder)
    {
        JsonElement greedy = Golden.Json(folder, "expected.json").GetProperty("greedy");
        int[] prompt = greedy.GetProperty("prompt").Ints();
        int[] continuation = greedy.GetProperty("continuation").Ints();
        using IDevice device = createDevice();
        using LanguageModel model = ModelFolder.Load(device, Golden.Path(folder, "policy"), training: false);
        using IDecodeCache cache = model.CreateCache(prompt.Length + continuation.Length);
        using IArena arena = device.CreateArena("test", 1 << 20);
        ForestBuilder forest = new();
        forest.ReadLast(forest.AddRoot(prompt));
        Tape tape = new(device, arena, recording: false);
        Tensor hidden = model.Prefill(
            tape, device.Prepare(forest.Build(), arena), cache, device.UploadI32(arena, [.. Enumerable.Range(0, prompt.Length)]));
        for (int step = 0; step < continuation.Length; step++)
        {
            Mat logits = arena.Allocate(1, model.VocabularySize);
            device.Ops.HeadLogits(hidden.Value, model.Unembedding.Value, logits);
            float[] values = device.ReadF32(logits);
            Assert.Equal(continuation[step], Array.IndexOf(values, values.Max()));
            int position = prompt.Length + step;
            hidden = model.Decode(
                new Tape(device, arena, recording: false),
                new DecodeRows(
                    device.UploadI32(arena, [continuation[step]]),
                    device.UploadI32(arena, [position]),
                    device.UploadI32(arena, [position]),
                    device.UploadI32(arena, [0, prompt.Length, prompt.Length, step + 1], cols: 4)),
                cache);
        }
    }

    private static PromptTree Tree(JsonElement pair) => new(
        pair.GetProperty("prompt").Ints(), [pair.GetProperty("chosen").Ints(), pair.GetProperty("rejected").Ints()]);
}
