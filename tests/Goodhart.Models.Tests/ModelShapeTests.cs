using Goodhart.Models.GptNeoX;
using Goodhart.Models.Safetensors;
using Goodhart.Testing;
using Xunit;

namespace Goodhart.Models.Tests;

/// <summary>The one count: parameters against files, floating-point operations against formulas written out.</summary>
public sealed class ModelShapeTests
{
    private static readonly GptNeoXConfig Config = new()
    {
        VocabSize = 11,
        HiddenSize = 8,
        Layers = 3,
        Heads = 2,
        IntermediateSize = 12,
        RotaryFraction = 0.5,
    };

    [Theory]
    [InlineData("a-parallel-f32")]
    [InlineData("b-sequential-f32-sharded")]
    [InlineData("c-parallel-bf16")]
    [InlineData("d-sequential-f16-odd")]
    public void Counts_the_parameters_that_the_files_hold(string folder)
    {
        string path = Golden.Path("gptneox", folder, "policy");
        ModelConfig config = ModelConfig.Read(Path.Combine(path, "config.json"));
        using CheckpointFiles files = CheckpointFiles.Open(path);
        TensorEntry[] weights = [.. files.Tensors.Where(tensor => !config.IsBuffer(tensor.Name))];
        TensorEntry[] tables = [.. weights.Where(tensor => tensor.Name.Contains("embed", StringComparison.Ordinal))];
        Assert.Equal(config.TiedEmbeddings ? 1 : 2, tables.Length);
        Assert.Equal(weights.Sum(tensor => tensor.Shape.Elements), config.Shape.Parameters);
        Assert.Equal(config.Shape.Parameters - tables.Sum(tensor => tensor.Shape.Elements), config.Shape.NonEmbedding);
    }

    [Fact]
    public void Biases_and_heads_are_counted_where_they_are()
    {
        const long Layer = (4 * 8 * 8) + (2 * 8 * 12) + 8 + 12 + (4 * 8);   // matrices, the MLP's biases, two norms
        const long Biases = 3 * ((3 * 8) + 8);
        long trunk = (3 * Layer) + (2 * 8);
        Assert.Equal((trunk + Biases + (2 * 88), trunk + Biases), Of(Config));
        Assert.Equal((trunk + (2 * 88), trunk), Of(Config with { AttentionBias = false }));
        Assert.Equal((trunk + Biases + 88, trunk + Biases), Of(Config with { TiedEmbeddings = true }));
        Assert.Equal((trunk + Biases + 88 + 8, trunk + Biases), Of(Config.WithScoreHead()));

        static (long, long) Of(ModelConfig config) => (config.Shape.Parameters, config.Shape.NonEmbedding);
    }

    [Fact]
    public void Floating_point_operations_are_those_of_the_products()
    {
        // 5 prompt tokens, two responses of which 3 tokens each are inputs: 11 rows, 7 of them read. In the last of 3 layers the 4 others
        // give keys and values and ask nothing.
        const double Linear = 2 * ((4 * 8 * 8) + (2 * 8 * 12));
        const double Responses = 2 * ((3 * 5) + 1 + 2 + 3);
        const double Pairs = 1 + 2 + 3 + 4 + 5 + Responses;
        const double Unread = 4 * 2 * (2 * 8 * 8);
        double pruned = (((2 * 11) + 7) * Linear) + Unread + (((2 * Pairs) + 5 + Responses) * 4 * 8);
        Assert.Equal(pruned + (2 * 7 * 11 * 8), Config.Shape.Forward(5, 3, 2));
        Assert.Equal((3 * 11 * Linear) + (3 * Pairs * 4 * 8) + (2 * 11 * 11 * 8), Config.Shape.Forward(5, 3, 2, promptRead: true));
        Assert.Equal(pruned + (2 * 7 * 1 * 8), Config.WithScoreHead().Shape.Forward(5, 3, 2));
        Assert.Equal(3 * Config.Shape.Forward(5, 3, 2), Config.Shape.Training(5, 3, 2));
    }

    [Fact]
    public void Bytes_follow_from_the_count()
    {
        ModelShape shape = Config.Shape;
        Assert.Equal(4 * shape.Parameters, shape.WeightBytes);
        Assert.Equal(3 * shape.WeightBytes, shape.TrainingBytes(statesPerWeight: 1));
        Assert.Equal(4 * 10 * 3 * 2 * 8, shape.CacheBytes(10));
    }
}
