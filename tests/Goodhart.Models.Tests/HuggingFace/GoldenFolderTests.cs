using Goodhart.Models.GptNeoX;
using Goodhart.Models.Safetensors;
using Goodhart.Models.Tests.Safetensors;
using Xunit;

namespace Goodhart.Models.Tests.HuggingFace;

public sealed class GoldenFolderTests
{
    public static TheoryData<string, string> Folders { get; } = AllFolders();

    /// <summary>Tensors, Σ x and Σ (i + 1)·x / n over every tensor's n elements; birth certificate in tests/golden/gptneox.</summary>
    [Theory]
    [InlineData("a-parallel-f32", "policy", 28, 206.0919266948497, 98.99419265547992)]
    [InlineData("a-parallel-f32", "reference", 28, 196.6199973854035, 94.37901526741575)]
    [InlineData("b-sequential-f32-sharded", "policy", 40, 438.8437891433812, 250.54243095642144)]
    [InlineData("b-sequential-f32-sharded", "reference", 40, 438.4238220839625, 247.83437319313842)]
    [InlineData("c-parallel-bf16", "policy", 28, 213.286675542593, 109.94177584579047)]
    [InlineData("c-parallel-bf16", "reference", 28, 213.35621840506792, 109.55413108629115)]
    [InlineData("d-sequential-f16-odd", "policy", 13, 113.01916217803955, 54.02741220787168)]
    [InlineData("d-sequential-f16-odd", "reference", 13, 112.69132113456726, 53.65668479681858)]
    public void Every_tensor_is_read_whole_and_in_order(string folder, string role, int tensors, double sum, double weighted)
    {
        using ModelFolder model = ModelFolder.Open(GoldenFiles.PathOf("gptneox", folder, role), told: null);
        Assert.Equal(tensors, model.Tensors.Count);
        double found = 0, foundWeighted = 0;
        foreach (TensorSpec tensor in model.Tensors)
        {
            float[] values = Read(model, tensor);
            found += values.Sum(x => (double)x);
            foundWeighted += values.Select((x, i) => (i + 1) * (double)x).Sum() / values.Length;
        }

        Assert.Equal(sum, found, 1e-9);
        Assert.Equal(weighted, foundWeighted, 1e-9);
    }

    [Theory]
    [MemberData(nameof(Folders))]
    public void Saving_and_loading_gives_the_same_bits(string folder, string role)
    {
        using ScratchFolder scratch = new();
        using ModelFolder original = ModelFolder.Open(GoldenFiles.PathOf("gptneox", folder, role), told: null);
        ModelFolder.Save(scratch.PathOf("f32"), original.Config, original.ReadInto);
        AssertSame(original, scratch.PathOf("f32"), StorageType.F32);

        // Half-precision values are exact in float32 and so survive the way back, and shards change nothing.
        StorageType stored = folder[0] switch { 'c' => StorageType.BF16, 'd' => StorageType.F16, _ => StorageType.F32 };
        ModelFolder.Save(
            scratch.PathOf("as-stored"), original.Config, original.ReadInto, new SaveOptions { Type = stored, ShardBytes = 30_000 });
        Assert.True(File.Exists(scratch.PathOf("as-stored", "model.safetensors.index.json")));
        AssertSame(original, scratch.PathOf("as-stored"), stored);
    }

    [Fact]
    public void Old_buffers_are_passed_over_but_not_hidden_from_the_files()
    {
        string path = GoldenFiles.PathOf("gptneox", "a-parallel-f32", "reference");
        using CheckpointFiles files = CheckpointFiles.Open(path);
        Assert.True(files.TryFind("gpt_neox.layers.1.attention.masked_bias", out _));
        using ModelFolder model = ModelFolder.Open(path, told: null);
        Assert.DoesNotContain(model.Tensors, tensor => GptNeoXTensorNames.IsLegacyBuffer(tensor.Name));
        Assert.Equal(6, files.Tensors.Count(tensor => GptNeoXTensorNames.IsLegacyBuffer(tensor.Name)));
    }

    private static TheoryData<string, string> AllFolders()
    {
        TheoryData<string, string> folders = [];
        foreach (string folder in (string[])["a-parallel-f32", "b-sequential-f32-sharded", "c-parallel-bf16", "d-sequential-f16-odd"])
        {
            folders.Add(folder, "policy");
            folders.Add(folder, "reference");
        }

        return folders;
    }

    private static void AssertSame(ModelFolder expected, string path, StorageType type)
    {
        using ModelFolder found = ModelFolder.Open(path, told: null);
        Assert.Equal(expected.Config, found.Config);
        Assert.Equal(expected.Tensors, found.Tensors);
        foreach (TensorSpec tensor in expected.Tensors)
        {
            Assert.Equal(Read(expected, tensor), Read(found, tensor));
        }

        using CheckpointFiles files = CheckpointFiles.Open(path);
        Assert.All(files.Tensors, tensor => Assert.Equal(type, tensor.Type));
    }

    private static float[] Read(ModelFolder model, TensorSpec tensor)
    {
        float[] values = new float[tensor.Shape.Elements];
        model.ReadInto(tensor.Name, values);
        return values;
    }
}
