using Goodhart.Engine.Cpu;
using Goodhart.Models;
using Goodhart.Models.GptNeoX;
using Goodhart.Worlds;

namespace Goodhart.Cli.Tests;

/// <summary>
/// Model folders for the verbs: random weights, in the world's vocabulary or of the golden files (no tokenizer, 128 ids).
/// </summary>
internal static class SmallModels
{
    public static readonly string Policy = Repository.PathOf("tests/golden/gptneox/a-parallel-f32/policy");
    public static readonly string Reference = Repository.PathOf("tests/golden/gptneox/a-parallel-f32/reference");
    public static readonly string OtherVocabulary = Repository.PathOf("tests/golden/gptneox/b-sequential-f32-sharded/policy");

    /// <summary>A model that reads and writes the world's words.</summary>
    /// <param name="change">To the weights, before they are saved.</param>
    public static string World(TemporaryFolder folder, string name, ulong seed = 0, Action<LanguageModel>? change = null)
    {
        GptNeoXConfig config = new()
        {
            VocabSize = TldrWorld.Tokenizer.VocabularySize,
            HiddenSize = 32,
            Layers = 1,
            Heads = 2,
            IntermediateSize = 64,
            MaxPositions = 96,
            BosTokenId = null,
            EosTokenId = TldrWorld.Eos,
            PadTokenId = TldrWorld.Pad,
        };
        using CpuDevice device = new(1);
        using LanguageModel model = config.Create(device, training: false);
        WeightInitializer.Initialize(model, seed);
        change?.Invoke(model);
        string path = folder.Path(name);
        Directory.CreateDirectory(path);
        ModelFolder.SaveInto(model, path);
        TldrWorld.Tokenizer.Save(path);
        return path;
    }

    /// <summary>Rows of promptIds for the golden models.</summary>
    public static string Prompts(TemporaryFolder folder, int count) => folder.Write(
        "prompts.jsonl",
        string.Concat(
            Enumerable.Range(0, count).Select(
                i => FormattableString.Invariant($"{{\"promptIds\":[{(5 + i) % 128},{(17 + (3 * i)) % 128},9]}}\n"))));
}
