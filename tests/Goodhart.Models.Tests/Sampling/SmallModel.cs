using Goodhart.Engine;
using Goodhart.Engine.Ops;
using Goodhart.Engine.Randomness;
using Goodhart.Models.GptNeoX;

namespace Goodhart.Models.Tests.Sampling;

/// <summary>A small random model in which no parameter has its neutral value.</summary>
internal static class SmallModel
{
    public const int Eos = 0;

    public static LanguageModel Create(IDevice device, int hidden = 32, int vocabulary = 23, bool parallel = true, bool training = false)
    {
        LanguageModel model = new GptNeoXConfig
        {
            VocabSize = vocabulary,
            HiddenSize = hidden,
            Layers = 2,
            Heads = 2,
            IntermediateSize = 3 * hidden,
            MaxPositions = 40,
            RotaryFraction = 0.5,
            ParallelResidual = parallel,
            EosTokenId = Eos,
        }.Create(device, training);
        WeightInitializer.Initialize(model, 1);
        foreach (Parameter vector in model.Parameters.All.Where(parameter => parameter.Shape.Length == 1))
        {
            RandomStream random = new(1, vector.Name, 0);
            model.Parameters.Set(vector.Name, [.. model.Parameters.Get(vector.Name).Select(v => v + (float)(0.2 * random.NextNormal()))]);
        }

        return model;
    }

    public static int[] Tokens(RandomStream random, int count, int vocabulary = 23) =>
        [.. Enumerable.Range(0, count).Select(_ => 1 + random.NextInt(vocabulary - 1))];

    /// <summary>Logits of the token after a prompt.</summary>
    public static double[] NextLogits(LanguageModel model, int[] prompt)
    {
        ForestBuilder forest = new();
        forest.ReadLast(forest.AddRoot(prompt));
        using IArena arena = model.Device.CreateArena("test", 1 << 16);
        Tape tape = new(model.Device, arena, recording: false);
        Tensor hidden = model.Hidden(tape, model.Device.Prepare(forest.Build(), arena));
        Mat logits = arena.Allocate(1, model.VocabularySize);
        model.Device.Ops.HeadLogits(hidden.Value, model.Unembedding.Value, logits);
        return [.. model.Device.ReadF32(logits).Select(z => (double)z)];
    }

    public static double[] LogSoftmax(double[] logits, double temperature)
    {
        double[] z = [.. logits.Select(logit => logit / temperature)];
        double normaliser = z.Max() + Math.Log(z.Sum(value => Math.Exp(value - z.Max())));
        return [.. z.Select(value => value - normaliser)];
    }
}
