using Goodhart.Alignment.PolicyGradient;
using Goodhart.Alignment.Tests.Training;
using Goodhart.Alignment.Training;
using Goodhart.Engine;
using Goodhart.Engine.Optimizers;
using Goodhart.Engine.Randomness;
using Goodhart.Models;
using Goodhart.Models.Rewards;
using Goodhart.Models.Scoring;
using Goodhart.Testing.Reference;
using Xunit;

namespace Goodhart.Alignment.Tests.PolicyGradient;

/// <summary>The gradient that an update of the policy uses, through the model, against differences of an objective written out
/// here.</summary>
public sealed class SurrogateGradientTests
{
    private const double ClipRange = 0.1;

    [Theory]
    [InlineData(false, 6e-4)]
    [InlineData(true, 1.2e-4)]   // a response's ratio is the product of its tokens'
    public void Differences_of_the_clipped_objective_agree_with_the_gradient(bool rloo, double rate)
    {
        using ReferenceDevice device = new();
        using LanguageModel policy = SmallModel.Create(device, SmallModel.Config(hidden: 8, vocabulary: 13));
        Episode[] episodes = Episodes(policy);
        float[][] old = LogProbs(policy, episodes);

        // Two updates: the first moves the policy, so that the second's ratios leave 1 and some the interval; the second stands still.
        TrainingOptions moves = new()
        {
            Optimizer = new RmsProp(),
            LearningRate = new FirstOnly { Peak = rate },
            BatchSize = 6,
            ClipNorm = 1e9,
        };
        PolicyGradientReport report;
        if (rloo)
        {
            using RlooTrainer trainer = new(
                policy, new RlooOptions { Policy = moves, Kl = new FixedKl { Initial = 0 }, Epochs = 2, ClipRange = ClipRange });
            report = trainer.Step(episodes, 1);
        }
        else
        {
            // With values of 0 and λ = 1 a token's advantage is the response's score.
            using LanguageModel value = ScoreModel.From(policy, seed: 1, training: true);
            value.Parameters.Set("score.weight", new float[policy.Config.HiddenSize]);
            using PpoTrainer trainer = new(policy, value, new PpoOptions
            {
                Policy = moves,
                Value = moves,
                Kl = new FixedKl { Initial = 0 },
                Epochs = 2,
                ClipRange = ClipRange,
                Trace = 1,
                WhitenAdvantages = false,
            });
            report = trainer.Step(episodes, 1);
        }

        Assert.InRange(report.ClipShare, 0.05, 0.45);   // of both updates: none in the first, some in the second
        float[] gradient = device.ReadF32(policy.Parameters.Gradients);
        float[] at = device.ReadF32(policy.Parameters.Values);
        RandomStream random = new(1, "direction", 0);
        double[] step = [.. at.Select(_ => 1e-4 * random.NextNormal())];
        double predicted = 2 * gradient.Zip(step, (g, s) => g * s).Sum();
        double difference = At(+1) - At(-1);
        Assert.True(Math.Abs(predicted) > 1e-5, $"{predicted}");
        Assert.Equal(predicted, difference, Math.Abs(predicted) * 0.03);

        double At(int sign)
        {
            // Padding between tensors stays zero: only views are set.
            int offset = 0;
            foreach (Parameter parameter in policy.Parameters.All)
            {
                int count = (int)parameter.Value.Count;
                policy.Parameters.Set(parameter.Name, [.. Enumerable.Range(offset, count).Select(i => at[i] + (float)(sign * step[i]))]);
                offset += (count + 15) / 16 * 16;
            }

            return Objective(LogProbs(policy, episodes), old, episodes, rloo);
        }
    }

    /// <summary>Mean of max(−Aρ, −A clip(ρ)) over tokens, or over responses with the other samples' mean for a baseline.</summary>
    private static double Objective(float[][] now, float[][] old, Episode[] episodes, bool rloo)
    {
        List<double> losses = [];
        for (int i = 0; i < episodes.Length; i++)
        {
            if (rloo)
            {
                Episode[] others = [.. episodes.Where(e => e.Item == episodes[i].Item && e != episodes[i])];
                losses.Add(Loss(episodes[i].Score - others.Average(e => e.Score), now[i].Zip(old[i], (p, q) => (double)p - q).Sum()));
            }
            else
            {
                losses.AddRange(now[i].Zip(old[i], (p, q) => Loss(episodes[i].Score, (double)p - q)));
            }
        }

        return losses.Average();

        static double Loss(double advantage, double logRatio)
        {
            double ratio = Math.Exp(logRatio);
            return Math.Max(-advantage * ratio, -advantage * Math.Min(Math.Max(ratio, 1 - ClipRange), 1 + ClipRange));
        }
    }

    private static float[][] LogProbs(LanguageModel policy, Episode[] episodes)
    {
        using ResponseScorer scorer = new(policy);
        return [.. scorer.TokenLogProbs([.. episodes.Select(e => new PromptTree(e.Prompt, [e.Tokens]))]).Select(tree => tree[0])];
    }

    private static Episode[] Episodes(LanguageModel policy)
    {
        RandomStream random = new(3, "episodes", 0);
        List<Episode> episodes = [];
        for (int prompt = 0; prompt < 3; prompt++)
        {
            int[] tokens = SmallModel.Tokens(random, policy.Config.VocabSize, 4 + prompt);
            for (int sample = 0; sample < 2; sample++)
            {
                int[] response = [.. SmallModel.Tokens(random, policy.Config.VocabSize, 1 + random.NextInt(5)), SmallModel.Eos];
                episodes.Add(new Episode(prompt, tokens, response, true, random.NextNormal(), new float[response.Length]));
            }
        }

        return [.. episodes];
    }

    private sealed record FirstOnly : LearningRateSchedule
    {
        public override string Name => "first only";

        protected override double Shape(int step, int totalSteps) => step == 0 ? 1 : 1e-12;
    }
}
