using Goodhart.Alignment.Losses;
using Goodhart.Alignment.Training;
using Goodhart.Engine.Optimizers;
using Goodhart.Evaluation.Divergence;
using Goodhart.Models;
using Goodhart.Models.Sampling;
using Goodhart.Models.Scoring;
using Goodhart.Text.Data;
using Goodhart.Worlds;

namespace Goodhart.Cli.Bench;

/// <summary>A round of work as it was done.</summary>
/// <param name="Steps">Updates, or 1 where there are none.</param>
/// <param name="Tokens">Of prompts and responses; for sampling, sampled tokens.</param>
/// <param name="Items">Pairs, examples or responses.</param>
/// <param name="Flops">Of the products needed.</param>
internal readonly record struct RoundDone(int Steps, double Tokens, double Items, double Flops)
{
    public static RoundDone operator +(RoundDone a, RoundDone b) =>
        new(a.Steps + b.Steps, a.Tokens + b.Tokens, a.Items + b.Items, a.Flops + b.Flops);
}

/// <summary>The kinds of work a study consists of, on the world's own texts; a round makes the same calls each time.</summary>
internal sealed class ModelWork(LanguageModel model)
{
    private const int Batch = 32;
    private const int StepsPerRound = 8;
    private const int Prompts = 256;

    /// <summary>About the length of the world's responses: a model of random weights seldom ends by itself.</summary>
    private const int NewTokens = 20;

    private static readonly WorldData World = new(0);

    private readonly ModelShape flops = model.Shape;

    public IReadOnlyList<(string Kind, Func<RoundDone> Round)> All =>
        [("dpo step", Preferences()), ("pretrain step", Pretraining()), ("sampling", Sampling()), ("scoring", Scoring())];

    private Func<RoundDone> Preferences()
    {
        TokenizedPair[] pairs = [.. World.Preferences(0, Batch).Select(pair => pair.Tokens)];
        ReferencePair[] reference = [.. pairs.Select(_ => new ReferencePair(-40, -40))];
        RoundDone done = Updates(
            pairs.Sum(pair => pair.Prompt.Length + pair.Chosen.Length + pair.Rejected.Length),
            pairs.Sum(pair => flops.Training(pair.Prompt.Length, (pair.Chosen.Length + pair.Rejected.Length - 2) / 2.0, 2)));
        return () =>
        {
            using PreferenceTrainer trainer = new(model, Options(new RmsProp { Alpha = 0.99, Eps = 1e-8 }), new DpoLoss { Beta = 0.1 });
            for (int step = 0; step < StepsPerRound; step++)
            {
                trainer.Step(pairs, reference, StepsPerRound);
            }

            return done;
        };
    }

    private Func<RoundDone> Pretraining()
    {
        TokenizedExample[] examples = [.. World.Pretraining(Batch).Select(example => example.Tokens)];
        RoundDone done = Updates(
            examples.Sum(example => example.Prompt.Length + example.Response.Length),
            examples.Sum(example => flops.Training(example.Prompt.Length, example.Response.Length - 1, 1, promptRead: true)));
        return () =>
        {
            AdamW adam = new() { Beta1 = 0.9, Beta2 = 0.95, Eps = 1e-8, WeightDecay = 0 };
            using SupervisedTrainer trainer = new(model, Options(adam), new TokenMean { PromptWeight = 0.2 });
            for (int step = 0; step < StepsPerRound; step++)
            {
                trainer.Step(examples, StepsPerRound);
            }

            return done;
        };
    }

    private Func<RoundDone> Sampling() => () =>
    {
        IReadOnlyList<Rollout> rollouts = Sample();
        return new RoundDone(
            1,
            rollouts.Sum(rollout => rollout.Tokens.Length),
            rollouts.Count,
            EvaluationPrompts().Zip(rollouts).Sum(pair => flops.Forward(pair.First.Tokens.Length, pair.Second.Tokens.Length, 1)));
    };

    /// <summary>What an evaluation does with samples, the model being its own reference: log-probs and divergences.</summary>
    private Func<RoundDone> Scoring()
    {
        PromptTree[] trees =
            [.. EvaluationPrompts().Zip(Sample()).Select(pair => new PromptTree(pair.First.Tokens, [pair.Second.Tokens]))];
        RoundDone done = new(
            1,
            trees.Sum(tree => tree.Rows),
            trees.Length,
            2 * trees.Sum(tree => flops.Forward(tree.Prompt.Length, tree.Responses[0].Length - 1, 1)));
        return () =>
        {
            using DivergenceScorer scorer = new(model, model);
            scorer.Score(trees);
            return done;
        };
    }

    private IReadOnlyList<Rollout> Sample()
    {
        using Sampler sampler = new(model, new SamplingOptions(TldrWorld.Eos, NewTokens, Seed: 0, Purpose: "bench"));
        return sampler.Sample(EvaluationPrompts());
    }

    private static SamplingPrompt[] EvaluationPrompts() =>
        [.. World.EvaluationPrompts(Prompts).Select(prompt => new SamplingPrompt(prompt.Id, prompt.Post.Prompt))];

    private static RoundDone Updates(double tokens, double flops) =>
        new(StepsPerRound, StepsPerRound * tokens, StepsPerRound * Batch, StepsPerRound * flops);

    /// <summary>The learning rate is 0: every round does the same.</summary>
    private static TrainingOptions Options(Optimizer optimizer) => new()
    {
        Optimizer = optimizer,
        LearningRate = new ConstantSchedule { Peak = 0 },
        BatchSize = Batch,
        ClipNorm = 10,
    };
}
