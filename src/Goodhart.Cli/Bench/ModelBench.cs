using System.Diagnostics;
using Goodhart.Alignment.Losses;
using Goodhart.Alignment.Training;
using Goodhart.Engine;
using Goodhart.Engine.Optimizers;
using Goodhart.Models.GptNeoX;
using Goodhart.Models.HuggingFace;
using Goodhart.Models.Sampling;
using Goodhart.Studies.Configuration;
using Goodhart.Studies.Worlds;
using Goodhart.Text.Data;

namespace Goodhart.Cli.Bench;

/// <summary>Throughput of a model of random weights on the world's own texts: preference training, and sampling.</summary>
/// <param name="peak">GEMM peak, FLOP/s.</param>
/// <param name="time">For each kind of work; at least one round is measured after one that is not.</param>
internal sealed class ModelBench(IDevice device, double peak, TimeSpan time)
{
    private const int Batch = 32;
    private const int Prompts = 64;
    private const int NewTokens = 48;

    private readonly WorldData world = new(0);

    public IEnumerable<BenchRow> Run(StudyModel shape, CancellationToken cancel)
    {
        GptNeoXConfig config = Config(shape);
        using GptNeoXModel model = new(device, config, training: true);
        GptNeoXInitializer.Initialize(model, seed: 0);
        yield return Row(shape.Name, model, "dpo step", Training(model, new GptNeoXFlops(config)), cancel);
        yield return Row(shape.Name, model, "sampling", Sampling(model, new GptNeoXFlops(config)), cancel);
    }

    private static GptNeoXConfig Config(StudyModel shape) => new()
    {
        VocabSize = TldrWorld.Tokenizer.VocabularySize,
        HiddenSize = shape.HiddenSize,
        Layers = shape.Layers,
        Heads = shape.Heads,
        IntermediateSize = 4 * shape.HiddenSize,
        MaxPositions = 256,
        EosTokenId = TldrWorld.Eos,
    };

    private Func<Work> Training(GptNeoXModel model, GptNeoXFlops flops)
    {
        TokenizedPair[] pairs = [.. world.Preferences(0, Batch).Select(pair => pair.Tokens)];
        ReferencePair[] reference = [.. pairs.Select(_ => new ReferencePair(-40, -40))];
        Work work = new(
            pairs.Sum(pair => pair.Prompt.Length + pair.Chosen.Length + pair.Rejected.Length),
            pairs.Length,
            pairs.Sum(pair => flops.Training(pair.Prompt.Length, (pair.Chosen.Length + pair.Rejected.Length - 2) / 2.0, 2)));
        return () =>
        {
            using PreferenceTrainer trainer = new(model, Options(), new DpoLoss { Beta = 0.1 });
            for (int step = 0; step < 8; step++)
            {
                trainer.Step(pairs, reference, totalSteps: 8);
            }

            return work.Times(8);
        };
    }

    private Func<Work> Sampling(GptNeoXModel model, GptNeoXFlops flops)
    {
        SamplingPrompt[] prompts =
            [.. world.EvaluationPrompts(Prompts).Select(prompt => new SamplingPrompt(prompt.Id, prompt.Post.Prompt))];
        return () =>
        {
            using Sampler sampler = new(model, new SamplingOptions(TldrWorld.Eos, NewTokens, Seed: 0, Purpose: "bench"));
            IReadOnlyList<Rollout> rollouts = sampler.Sample(prompts);
            return new Work(
                rollouts.Sum(rollout => rollout.Tokens.Length),
                rollouts.Count,
                prompts.Zip(rollouts).Sum(pair => flops.Forward(pair.First.Tokens.Length, pair.Second.Tokens.Length, 1)));
        };
    }

    private static TrainingOptions Options() => new()
    {
        Optimizer = new RmsProp { Alpha = 0.99, Eps = 1e-8 },
        LearningRate = new ConstantSchedule { Peak = 1e-6 },
        BatchSize = Batch,
        ClipNorm = 10,
    };

    private BenchRow Row(string name, GptNeoXModel model, string kind, Func<Work> round, CancellationToken cancel)
    {
        round();   // compiles the kernels and sizes the arenas
        Work total = new(0, 0, 0);
        Stopwatch watch = Stopwatch.StartNew();
        do
        {
            cancel.ThrowIfCancellationRequested();
            Work done = round();
            total = new Work(total.Tokens + done.Tokens, total.Items + done.Items, total.Flops + done.Flops);
        }
        while (watch.Elapsed < time);

        double seconds = watch.Elapsed.TotalSeconds;
        return new BenchRow(
            name, model.Parameters.Count, kind, total.Tokens / seconds, total.Items / seconds, total.Flops / seconds,
            total.Flops / seconds / peak);
    }

    private readonly record struct Work(double Tokens, double Items, double Flops)
    {
        public Work Times(int count) => new(Tokens * count, Items * count, Flops * count);
    }
}
