using Goodhart.Alignment.Losses;
using Goodhart.Alignment.Remedies;
using Goodhart.Alignment.Training;
using Goodhart.Engine;
using Goodhart.Engine.Cpu;
using Goodhart.Engine.Optimizers;
using Goodhart.Engine.Randomness;
using Goodhart.Models;
using Goodhart.Models.GptNeoX;
using Goodhart.Models.Scoring;
using Goodhart.Testing.Reference;
using Goodhart.Text.Data;
using Xunit;

namespace Goodhart.Alignment.Tests.Training;

/// <summary>What the trainer minimises under remedies against a plain computation, and its gradient against differences of that.</summary>
public sealed class RemedyTrainingTests
{
    private const int Vocabulary = 13;
    private const double Beta = 0.3;

    public static TheoryData<string> Plans =>
    [
        "is-daa", "wpo", "wpo-uncut", "wpo-greedy", "wpo-plain", "ld-dpo", "ld-dpo-policy-only", "beta-dpo", "beta-dpo-scaled",
        "epsilon-dpo", "epsilon-dpo-mean",
        "kl-target", "wpo ld-dpo epsilon-dpo", "is-daa ld-dpo-policy-only beta-dpo",
    ];

    [Theory]
    [MemberData(nameof(Plans))]
    public void Loss_and_gradient_agree_with_a_plain_computation(string names)
    {
        using ReferenceDevice device = new();
        using LanguageModel policy = SmallModel.Create(device, SmallModel.Config(hidden: 8, Vocabulary));
        using LanguageModel reference = SmallModel.Create(device, SmallModel.Config(hidden: 8, Vocabulary), seed: 2);
        RemedyPlan plan = Plan(names);
        TokenizedPair[] pairs = SmallModel.Pairs(6, Vocabulary);
        using PreferenceTrainer trainer = new(policy, Options, new DpoLoss { Beta = Beta }, remedies: plan, reference: reference);
        using PlainObjective plain = new(plan, policy, reference, pairs);
        float[] before = device.ReadF32(policy.Parameters.Values);
        double expected = plain.Loss();
        ReferencePair[] stored = plain.Stored();
        PreferenceReport report = trainer.Step(pairs, stored, totalSteps: 1);

        Assert.Equal(expected, report.Loss, 1e-5 * (1 + Math.Abs(expected)));
        Assert.Equal(plan.Pairs is null, report.Remedies.Weight is null);
        Assert.Equal(plan.Beta is null, report.Remedies.Beta is null);
        float[] gradient = device.ReadF32(policy.Parameters.Gradients);
        for (int direction = 0; direction < 4; direction++)
        {
            RandomStream random = new(1, names, (uint)direction);
            double[] step = [.. before.Select(value => value == 0 ? 0 : 1e-3 * random.NextNormal())];   // padding stays 0
            (float[] plus, float[] minus) = (
                [.. before.Zip(step, (b, s) => (float)(b + s))], [.. before.Zip(step, (b, s) => (float)(b - s))]);
            double predicted = 0;
            double size = 0;
            for (int i = 0; i < step.Length; i++)
            {
                double moved = (double)plus[i] - minus[i];
                predicted += gradient[i] * moved;
                size += gradient[i] * gradient[i] * moved * moved;
            }

            double difference = At(plus) - At(minus);
            Assert.True(size > 0);
            Assert.True(
                Math.Abs(difference - predicted) <= (5e-3 * Math.Sqrt(size)) + 1e-5,
                FormattableString.Invariant($"{names}: the loss moves by {difference:R}, the gradient says {predicted:R}"));
        }

        double At(float[] values)
        {
            device.Upload(policy.Parameters.Values, values);
            policy.Parameters.Changed();
            return plain.Loss();
        }
    }

    [Fact]
    public void A_reference_follows_the_policy_and_starts_to_be_measured_against()
    {
        using ReferenceDevice device = new();
        using LanguageModel policy = SmallModel.Create(device, SmallModel.Config(hidden: 8, Vocabulary));
        using LanguageModel reference = SmallModel.Create(device, SmallModel.Config(hidden: 8, Vocabulary), seed: 2);
        TokenizedPair[] pairs = SmallModel.Pairs(6, Vocabulary);
        RemedyPlan plan = new() { Reference = new HardReferenceUpdate { Every = 2 } };
        using PreferenceTrainer trainer = new(
            policy, Options with { LearningRate = new ConstantSchedule { Peak = 1e-3 } }, new DpoLoss { Beta = Beta }, remedies: plan,
            reference: reference);
        Assert.NotEqual(0, trainer.Step(pairs, [], totalSteps: 3).Margin);
        Assert.NotEqual(0, trainer.Step(pairs, [], totalSteps: 3).Margin);
        Assert.Equal(device.ReadF32(policy.Parameters.Values), device.ReadF32(reference.Parameters.Values));
        PreferenceReport third = trainer.Step(pairs, [], totalSteps: 3);
        Assert.Equal((0, LogSpace.Softplus(0)), (third.Margin, third.Loss));
    }

    [Fact]
    public void A_reference_follows_without_an_array_of_all_weights()
    {
        using CpuDevice device = new(1);
        GptNeoXConfig config = SmallModel.Config(hidden: 16, vocabulary: 400_000);
        long AllocatedBy(RemedyPlan? plan)
        {
            using LanguageModel policy = SmallModel.Create(device, config);
            using LanguageModel reference = SmallModel.Create(device, config, seed: 2);
            using PreferenceTrainer trainer = new(policy, Options, new DpoLoss { Beta = Beta }, remedies: plan, reference: reference);
            long before = GC.GetAllocatedBytesForCurrentThread();
            trainer.Step(SmallModel.Pairs(1, 1000), [default], totalSteps: 1);
            return GC.GetAllocatedBytesForCurrentThread() - before;
        }

        long weights = 2L * 400_000 * 16 * sizeof(float);
        Assert.InRange(AllocatedBy(new RemedyPlan { Reference = new HardReferenceUpdate { Every = 1 } }) - AllocatedBy(null), 1, weights);
    }

    [Fact]
    public void A_remedy_without_the_references_model_is_refused()
    {
        using ReferenceDevice device = new();
        using LanguageModel policy = SmallModel.Create(device, SmallModel.Config(hidden: 8, Vocabulary));
        Assert.StartsWith(
            "dpo+tr-dpo needs the reference's model",
            Assert.Throws<ArgumentException>(
                () => new PreferenceTrainer(policy, Options, new DpoLoss { Beta = Beta }, remedies: Plan("tr-dpo"))).Message,
            StringComparison.Ordinal);
    }

    /// <summary>A step so small that no parameter moves: the gradient is what is looked at.</summary>
    private static TrainingOptions Options { get; } = new()
    {
        Optimizer = new RmsProp(),
        LearningRate = new ConstantSchedule { Peak = 1e-30 },
        BatchSize = 6,
        ClipNorm = double.PositiveInfinity,
    };

    /// <summary>Nothing is left out by chance.</summary>
    private static RemedyPlan Plan(string names) => RemedyPlan.Of(
        [.. names.Split(' ').Select(name => RemedyCatalogue.Find(name).Create(
            name.StartsWith("beta-dpo", StringComparison.Ordinal) ? new Dictionary<string, double> { ["filter"] = 0 } : null))],
        new DpoLoss { Beta = Beta },
        6);

    /// <summary>The batch loss from token log-probs alone; weights and β are those of the first call.</summary>
    private sealed class PlainObjective(RemedyPlan plan, LanguageModel policy, LanguageModel reference, TokenizedPair[] pairs) : IDisposable
    {
        private readonly ResponseScorer scorer = new(policy);
        private readonly ResponseScorer referenceScorer = new(reference);
        private double[]? weights;
        private double[]? betas;

        public ReferencePair[] Stored() =>
            [.. pairs.Select(pair => new ReferencePair(Tokens(referenceScorer, pair)[0].Sum(), Tokens(referenceScorer, pair)[1].Sum()))];

        public double Loss()
        {
            weights ??= [.. pairs.Select(Weight)];
            betas ??= Betas();
            return pairs.Select((pair, i) => weights[i] * LogSpace.Softplus(-betas[i] * SeenMargin(pair))).Average();
        }

        public void Dispose()
        {
            scorer.Dispose();
            referenceScorer.Dispose();
        }

        private double SeenMargin(TokenizedPair pair)
        {
            double[][] own = Tokens(scorer, pair);
            double[][] other = Tokens(referenceScorer, pair);
            double alpha = plan.Tokens?.Alpha ?? 1;
            double referenceAlpha = plan.Tokens is LengthDesensitizedPolicy ? 1 : alpha;
            int shared = Math.Min(pair.Chosen.Length, pair.Rejected.Length);
            double Sum(double[] tokens, double tail) => tokens[..shared].Sum() + (tail * tokens[shared..].Sum());
            return Sum(own[0], alpha) - Sum(own[1], alpha) - Sum(other[0], referenceAlpha) + Sum(other[1], referenceAlpha);
        }

        private double Margin(TokenizedPair pair) => LogRatio(pair, 0) - LogRatio(pair, 1);

        private double LogRatio(TokenizedPair pair, int response) =>
            Tokens(scorer, pair)[response].Sum() - Tokens(referenceScorer, pair)[response].Sum();

        private double[] Betas()
        {
            double mean = pairs.Average(Margin);
            return plan.Beta switch
            {
                BatchBeta rule => [.. pairs.Select(_ => Beta * (1 + (rule.Sensitivity * 0.9 * mean)))],
                BatchRewardBeta rule => [.. pairs.Select(_ => Beta * (1 + (rule.Sensitivity * 0.9 * Beta * mean)))],
                PerturbedBeta rule => [.. pairs.Select(pair => Beta / (1 + (rule.Epsilon * Step(pair, rule.Epsilon))))],
                _ => [.. pairs.Select(_ => Beta)],
            };
        }

        private int Step(TokenizedPair pair, double epsilon)
        {
            double smaller = Mixed(pair, epsilon);
            double at = Mixed(pair, 0);
            double larger = Mixed(pair, -epsilon);
            return smaller > at && at > larger ? 1 : smaller < at && at < larger ? -1 : 0;
        }

        private double Mixed(TokenizedPair pair, double shift)
        {
            double Sum(int[] response) => response.Select((token, t) =>
            {
                double[] own = Distribution(scorer, pair.Prompt, response[..t]);
                double[] other = Distribution(referenceScorer, pair.Prompt, response[..t]);
                double[] mixed = [.. own.Zip(other, (l, m) => ((1 + shift) * l) - (shift * m))];
                return mixed[token] - Math.Log(mixed.Sum(Math.Exp));
            }).Sum();
            return Sum(pair.Chosen) - Sum(pair.Rejected);
        }

        private double Weight(TokenizedPair pair) => plan.Pairs switch
        {
            ImportanceWeighting rule => Math.Exp(Math.Min(LogRatio(pair, 0) + LogRatio(pair, 1), 2 * rule.Epsilon)),
            WpoSampled => Math.Min(1, Aligned(pair, p => p.Sum(l => Math.Exp(2 * l)))),
            WpoUncut => Aligned(pair, p => p.Sum(l => Math.Exp(2 * l))),
            WpoGreedy => Aligned(pair, p => Math.Exp(p.Max())),
            WpoPlain => Aligned(pair, _ => 1),
            _ => 1,
        };

        private double Aligned(TokenizedPair pair, Func<double[], double> by)
        {
            double Mean(int[] response) => response.Select((token, t) =>
            {
                double[] logProbs = Distribution(scorer, pair.Prompt, response[..t]);
                return logProbs[token] - Math.Log(by(logProbs));
            }).Average();
            return Math.Exp(Mean(pair.Chosen) + Mean(pair.Rejected));
        }

        /// <summary>The log-prob of every token after a prefix, each scored as the last of a response.</summary>
        private static double[] Distribution(ResponseScorer scorer, int[] prompt, int[] prefix)
        {
            int[][] responses = [.. Enumerable.Range(0, Vocabulary).Select(token => (int[])[.. prefix, token])];
            return [.. scorer.TokenLogProbs([new PromptTree(prompt, responses)])[0].Select(tokens => (double)tokens[^1])];
        }

        private static double[][] Tokens(ResponseScorer scorer, TokenizedPair pair) =>
        [
            .. scorer.TokenLogProbs([new PromptTree(pair.Prompt, [pair.Chosen, pair.Rejected])])[0]
                .Select(tokens => tokens.Select(value => (double)value).ToArray()),
        ];
    }
}
