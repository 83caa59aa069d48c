using Goodhart.Engine;
using Goodhart.Engine.Cpu;
using Goodhart.Engine.Randomness;
using Goodhart.Models.Tests.Sampling;
using Xunit;

namespace Goodhart.Models.Tests.Conformance;

/// <summary>A model of small vocabulary, which looks the first layer's work up by token, against the same weights in a vocabulary
/// too large for that.</summary>
public sealed class FirstLayerTableTests
{
    private const int Small = 23;
    private const int Large = 600;

    [Fact]
    public void Hidden_states_have_the_same_bits_and_gradients_agree()
    {
        using CpuDevice device = new();
        using LanguageModel table = SmallModel.Create(device, vocabulary: Small, training: true);
        using LanguageModel plain = SmallModel.Create(device, vocabulary: Large, training: true);
        CopyWeights(table, plain);
        (float[] hidden, Dictionary<string, float[]> gradients) = Run(table);
        (float[] expected, Dictionary<string, float[]> expectedGradients) = Run(plain);
        Assert.Equal(expected, hidden);
        foreach ((string name, float[] gradient) in gradients)
        {
            // Vocabulary matrices begin with the small one's rows; the large one's other rows are in no text.
            float[] other = expectedGradients[name];
            double scale = other.Max(Math.Abs);
            Assert.All(gradient, (value, i) => Assert.Equal(other[i], value, 1e-5 * scale));
        }
    }

    [Fact]
    public void Changed_weights_are_noticed()
    {
        using CpuDevice device = new();
        using LanguageModel model = SmallModel.Create(device, vocabulary: Small, training: true);
        double[] before = SmallModel.NextLogits(model, [3, 4]);
        string name = model.Parameters.All.First(p => p.Name.Contains("layers.0.mlp.dense_h_to_4h.weight", StringComparison.Ordinal)).Name;
        float[] weights = model.Parameters.Get(name);
        model.Parameters.Set(name, new float[weights.Length]);
        Assert.NotEqual(before, SmallModel.NextLogits(model, [3, 4]));
        model.Parameters.Set(name, weights);
        Assert.Equal(before, SmallModel.NextLogits(model, [3, 4]));
    }

    private static void CopyWeights(LanguageModel from, LanguageModel to)
    {
        foreach (Parameter parameter in to.Parameters.All)
        {
            float[] values = to.Parameters.Get(parameter.Name);
            from.Parameters.Get(parameter.Name).CopyTo(values, 0);
            to.Parameters.Set(parameter.Name, values);
        }
    }

    private static (float[] Hidden, Dictionary<string, float[]> Gradients) Run(LanguageModel model)
    {
        RandomStream random = new(3, "table", 0);
        using IArena arena = model.Device.CreateArena("test", 1 << 20);
        model.ZeroGradients();
        List<float> all = [];
        for (int part = 0; part < 2; part++)
        {
            ForestBuilder forest = new();
            int root = forest.AddRoot(SmallModel.Tokens(random, 9, Small));
            forest.AddResponse(root, SmallModel.Tokens(random, 7, Small));
            forest.AddResponse(root, SmallModel.Tokens(random, 5, Small));
            arena.Reset();
            Tape tape = new(model.Device, arena, recording: true);
            Tensor hidden = model.Hidden(tape, model.Device.Prepare(forest.Build(), arena));
            all.AddRange(model.Device.ReadF32(hidden.Value));
            tape.Seed(hidden, [.. Enumerable.Range(0, checked((int)hidden.Value.Count)).Select(_ => (float)random.NextNormal())]);
            tape.Backward();
        }

        model.CompleteGradients();
        return ([.. all], model.Parameters.All.ToDictionary(p => p.Name, p => model.Device.ReadF32(p.Gradient)));
    }
}
