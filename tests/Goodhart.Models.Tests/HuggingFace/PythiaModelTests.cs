using Goodhart.Models.GptNeoX;
using Xunit;

namespace Goodhart.Models.Tests.HuggingFace;

public sealed class PythiaModelTests
{
    /// <summary>Parameters without the embeddings, from the suite's model cards.</summary>
    [Theory]
    [InlineData("pythia-14m", 1_189_888)]
    [InlineData("pythia-31m", 4_739_072)]
    [InlineData("pythia-70m", 18_915_328)]
    [InlineData("pythia-160m", 85_056_000)]
    [InlineData("pythia-410m", 302_311_424)]
    [InlineData("pythia-1b", 805_736_448)]
    [InlineData("pythia-1.4b", 1_208_602_624)]
    [InlineData("pythia-2.8b", 2_517_652_480)]
    [InlineData("pythia-6.9b", 6_444_163_072)]
    [InlineData("pythia-12b", 11_327_027_200)]
    public void Shapes_give_the_published_sizes(string name, long parameters) =>
        Assert.Equal(parameters, PythiaModel.Named(name)!.Value.Model.Shape.NonEmbedding);

    /// <summary>With them: the vocabularies are padded to 50304, and to 50432 and 50688 for the two largest.</summary>
    [Theory]
    [InlineData("pythia-160m", 162_322_944)]
    [InlineData("pythia-6.9b", 6_857_302_016)]
    [InlineData("pythia-12b", 11_846_072_320)]
    public void Embeddings_add_their_padded_rows(string name, long parameters)
    {
        ModelShape shape = PythiaModel.Named(name)!.Value.Model.Shape;
        Assert.Equal((parameters, 4 * parameters, 16 * parameters), (shape.Parameters, shape.WeightBytes, shape.TrainingBytes(2)));
    }

    [Theory]
    [InlineData("pythia-160m", "EleutherAI/pythia-160m")]
    [InlineData("models/Pythia-1.4B-deduped/", "EleutherAI/pythia-1.4b-deduped")]
    [InlineData("EleutherAI/pythia-12b", "EleutherAI/pythia-12b")]
    public void Names_are_found_at_the_end_of_a_path(string path, string repository) =>
        Assert.Equal(repository, PythiaModel.Named(path)!.Value.Repository);

    [Theory]
    [InlineData("pythia")]
    [InlineData("pythia-161m")]
    [InlineData("pythia-160m/sft")]
    [InlineData("")]
    public void Other_names_are_not_known(string path) => Assert.Null(PythiaModel.Named(path));
}
