using Goodhart.Engine;
using Goodhart.Engine.Randomness;
using Goodhart.Models;
using Goodhart.Models.GptNeoX;
using Goodhart.Text.Data;

namespace Goodhart.Alignment.Tests.Training;

/// <summary>A small random model in which no parameter has its neutral value, and random data for it.</summary>
internal static class SmallModel
{
    public const int Eos = 0;

    public static GptNeoXConfig Config(int hidden = 48, int vocabulary = 101, bool parallel = true) => new()
    {
        VocabSize = vocabulary,
        HiddenSize = hidden,
        Layers = 2,
        Heads = 2,
        IntermediateSize = 3 * hidden,
        MaxPositions = 64,
        RotaryFraction = 0.5,
        ParallelResidual = parallel,
        EosTokenId = Eos,
    };

    public static LanguageModel Create(IDevice device, GptNeoXConfig config, ulong seed = 1)
    {
        LanguageModel model = config.Create(device, training: true);
        WeightInitializer.Initialize(model, seed);
        foreach (Parameter vector in model.Parameters.All.Where(parameter => parameter.Shape.Length == 1))
        {
            RandomStream random = new(seed, vector.Name, 0);
            model.Parameters.Set(vector.Name, [.. model.Parameters.Get(vector.Name).Select(v => v + (float)(0.2 * random.NextNormal()))]);
        }

        return model;
    }

    public static TokenizedPair[] Pairs(int count, int vocabulary, ulong seed = 1) =>
    [
        .. Enumerable.Range(0, count).Select(i =>
        {
            RandomStream random = new(seed, "pairs", (uint)i);
            return new TokenizedPair(
                100 + i,
                Tokens(random, vocabulary, 3 + random.NextInt(12)),
                [.. Tokens(random, vocabulary, random.NextInt(8)), Eos],
                [.. Tokens(random, vocabulary, random.NextInt(8)), Eos]);
        }),
    ];

    public static int[] Tokens(RandomStream random, int vocabulary, int count) =>
        [.. Enumerable.Range(0, count).Select(_ => 1 + random.NextInt(vocabulary - 1))];
}
