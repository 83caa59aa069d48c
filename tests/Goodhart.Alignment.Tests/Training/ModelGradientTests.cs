using Goodhart.Engine;
using Goodhart.Engine.Ops;
using Goodhart.Engine.Randomness;
using Goodhart.Models;
using Goodhart.Models.GptNeoX;
using Goodhart.Models.Scoring;
using Goodhart.Testing.Reference;
using Xunit;

namespace Goodhart.Alignment.Tests.Training;

/// <summary>The backward pass of the whole model against differences of its forward pass, on the specification device.</summary>
public sealed class ModelGradientTests
{
    public static TheoryData<bool, bool> Cases => new() { { true, false }, { false, false }, { true, true } };

    [Theory]
    [MemberData(nameof(Cases))]
    public void Differences_of_the_loss_agree_with_the_gradient(bool parallel, bool tied)
    {
        using ReferenceDevice device = new();
        GptNeoXConfig config = SmallModel.Config(hidden: 8, vocabulary: 13, parallel) with { TiedEmbeddings = tied };
        using LanguageModel model = SmallModel.Create(device, config);
        using WeightedLogProbs loss = new(model);
        loss.Backward();

        foreach (Parameter parameter in model.Parameters.All)
        {
            Agree(parameter.Name, [parameter]);
        }

        for (int direction = 0; direction < 4; direction++)
        {
            Agree($"all parameters, direction {direction}", model.Parameters.All);
        }

        void Agree(string name, IReadOnlyList<Parameter> moved)
        {
            RandomStream random = new(1, name, 0);
            (float[] Before, float[] Plus, float[] Minus)[] values = [.. moved.Select(Move)];
            double predicted = 0;
            double size = 0;
            for (int i = 0; i < moved.Count; i++)
            {
                float[] gradient = device.ReadF32(moved[i].Gradient);
                for (int j = 0; j < gradient.Length; j++)
                {
                    // The step as it came out in float.
                    double step = (double)values[i].Plus[j] - values[i].Minus[j];
                    predicted += gradient[j] * step;
                    size += gradient[j] * gradient[j] * step * step;
                }
            }

            double difference = At(v => v.Plus) - At(v => v.Minus);
            At(v => v.Before);
            Assert.True(size > 0, $"{name}: the gradient is 0 everywhere");
            Assert.True(
                Math.Abs(difference - predicted) <= (5e-3 * Math.Sqrt(size)) + 1e-5,
                FormattableString.Invariant($"{name}: the loss moves by {difference:R}, the gradient says {predicted:R}"));

            double At(Func<(float[] Before, float[] Plus, float[] Minus), float[]> which)
            {
                for (int i = 0; i < moved.Count; i++)
                {
                    model.Parameters.Set(moved[i].Name, which(values[i]));
                }

                return loss.Value();
            }

            (float[] Before, float[] Plus, float[] Minus) Move(Parameter parameter)
            {
                float[] before = model.Parameters.Get(parameter.Name);
                double[] step = [.. before.Select(_ => 2e-3 * random.NextNormal())];
                return (before, [.. before.Zip(step, (b, s) => (float)(b + s))], [.. before.Zip(step, (b, s) => (float)(b - s))]);
            }
        }
    }

    /// <summary>Σ weight·log-prob over a forest with shared prompts, pruned rows and prompt targets.</summary>
    private sealed class WeightedLogProbs : IDisposable
    {
        private readonly LanguageModel model;
        private readonly IArena arena;
        private readonly SequencePlan plan;
        private readonly float[] weights;

        public WeightedLogProbs(LanguageModel model)
        {
            this.model = model;
            arena = model.Device.CreateArena("test", 1 << 16);
            ForestBuilder forest = new();
            RandomStream random = new(2, "forest", 0);
            int[] Draw(int count) => SmallModel.Tokens(random, model.VocabularySize, count);
            new PromptTree(Draw(4), [Draw(3), Draw(2)]).AddTo(forest);
            new PromptTree(Draw(3), [Draw(1)]).AddTo(forest);
            forest.AddOwnTargets(forest.AddRoot(Draw(4)));
            plan = forest.Build();
            weights = [.. Enumerable.Range(0, plan.TargetCount).Select(_ => (float)random.NextNormal())];
        }

        public double Value()
        {
            arena.Reset();
            float[] logProbs = model.Device.ReadF32(Run(recording: false).LogProbs.Value);
            return logProbs.Zip(weights, (l, w) => (double)l * w).Sum();
        }

        public void Backward()
        {
            arena.Reset();
            model.ZeroGradients();
            (Tape tape, Tensor logProbs) = Run(recording: true);
            tape.Seed(logProbs, weights);
            tape.Backward();
            model.CompleteGradients();
        }

        public void Dispose() => arena.Dispose();

        private (Tape Tape, Tensor LogProbs) Run(bool recording)
        {
            Tape tape = new(model.Device, arena, recording);
            IPlan prepared = model.Device.Prepare(plan, arena);
            return (tape, tape.HeadLogProb(prepared, model.Hidden(tape, prepared), model.Unembedding));
        }
    }
}
