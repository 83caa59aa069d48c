using Goodhart.Alignment.Rewards;
using Goodhart.Alignment.Tests.Training;
using Goodhart.Alignment.Training;
using Goodhart.Engine;
using Goodhart.Engine.Cpu;
using Goodhart.Engine.Optimizers;
using Goodhart.Engine.Randomness;
using Goodhart.Models;
using Goodhart.Models.Rewards;
using Goodhart.Models.Scoring;
using Goodhart.Testing.Reference;
using Goodhart.Text.Data;
using Xunit;

namespace Goodhart.Alignment.Tests.Rewards;

public sealed class RewardModelTests
{
    [Theory]
    [InlineData(0.7, 0.2, 0)]
    [InlineData(-0.3, 0.9, 0.5)]
    public void The_loss_is_the_bradley_terry_likelihood_and_the_slope_its_derivative(double chosen, double rejected, double margin)
    {
        (double loss, double slope) = RewardLoss.Evaluate(chosen, rejected, margin);
        Assert.Equal(Math.Log(1 + Math.Exp(-(chosen - rejected - margin))), loss, 14);
        const double H = 1e-5;
        double difference = RewardLoss.Evaluate(chosen + H, rejected, margin).Loss - RewardLoss.Evaluate(chosen - H, rejected, margin).Loss;
        Assert.Equal(difference / (2 * H), slope, 9);
    }

    [Fact]
    public void Differences_of_the_loss_agree_with_the_gradient()
    {
        using ReferenceDevice device = new();
        using LanguageModel language = SmallModel.Create(device, SmallModel.Config(hidden: 8, vocabulary: 13));
        using LanguageModel model = ScoreModel.From(language, seed: 1, training: true);
        TokenizedPair[] pairs = SmallModel.Pairs(3, 13);
        using Updater updater = new(
            model,
            new TrainingOptions
            {
                Optimizer = new RmsProp(),
                LearningRate = new ConstantSchedule { Peak = 1e-12 },
                BatchSize = 3,
                ClipNorm = 1e9,
            },
            ModelOutputs.Scores);
        updater.Update([new MicroBatch(RewardForest.Plan([.. pairs.Select(Tree)]), Upstream)], 1, [1, 2, 3]);

        float[] gradient = device.ReadF32(model.Parameters.Gradients);
        float[] before = device.ReadF32(model.Parameters.Values);
        RandomStream random = new(1, "direction", 0);
        double[] step = [.. before.Select(_ => 1e-3 * random.NextNormal())];
        double predicted = 2 * gradient.Zip(step, (g, s) => g * s).Sum();
        double difference = At(+1) - At(-1);
        Assert.True(Math.Abs(predicted) > 1e-4);
        Assert.Equal(predicted, difference, Math.Abs(predicted) * 0.02);

        double At(int sign)
        {
            // Padding between tensors stays zero: only views are set.
            int offset = 0;
            foreach (Parameter parameter in model.Parameters.All)
            {
                int count = (int)parameter.Value.Count;
                model.Parameters.Set(parameter.Name, [.. Enumerable.Range(offset, count).Select(i => before[i] + (float)(sign * step[i]))]);
                offset += (count + 15) / 16 * 16;
            }

            using RewardScorer scorer = new(model);
            return scorer.Rewards([.. pairs.Select(Tree)]).Average(r => RewardLoss.Evaluate(r[0], r[1]).Loss);
        }
    }

    [Fact]
    public void A_shared_prompt_scores_as_a_sequence_alone_does()
    {
        using CpuDevice device = new(1);
        using LanguageModel language = SmallModel.Create(device, SmallModel.Config());
        using LanguageModel model = ScoreModel.From(language, seed: 1, training: false);
        PromptTree[] trees = [.. SmallModel.Pairs(5, 101).Select(Tree)];
        using RewardScorer shared = new(model);
        double[][] rewards = shared.Rewards(trees);
        for (int i = 0; i < trees.Length; i++)
        {
            for (int j = 0; j < 2; j++)
            {
                double alone = shared.Rewards([new PromptTree(trees[i].Prompt, [trees[i].Responses[j]])])[0][0];
                double plain = LastScore(model, [.. trees[i].Prompt, .. trees[i].Responses[j]]);
                Assert.Equal(alone, rewards[i][j], 5);
                Assert.Equal(plain, rewards[i][j], 5);
            }
        }
    }

    /// <summary>Where padding and the end are one token, a reading by padding id finds the wrong row.</summary>
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void The_score_stands_at_the_last_token_whatever_the_ids_are(ulong seed)
    {
        using CpuDevice device = new(1);
        using LanguageModel language = SmallModel.Create(device, SmallModel.Config() with { PadTokenId = SmallModel.Eos });
        using LanguageModel model = ScoreModel.From(language, seed: 1, training: false);
        Assert.Null(model.Config.PadTokenId);
        RandomStream random = new(seed, "padding", 0);
        PromptTree[] trees =
        [
            .. Enumerable.Range(0, 12).Select(_ => new PromptTree(Ids(5), [Ids(1 + random.NextInt(6)), Ids(1 + random.NextInt(6))])),
        ];
        using RewardScorer scorer = new(model);
        double[][] rewards = scorer.Rewards(trees);
        for (int i = 0; i < trees.Length; i++)
        {
            for (int j = 0; j < 2; j++)
            {
                Assert.Equal(LastScore(model, [.. trees[i].Prompt, .. trees[i].Responses[j]]), rewards[i][j], 5);
            }
        }

        // Half of the ids are the end, wherever they stand.
        int[] Ids(int count) =>
            [.. Enumerable.Range(0, count).Select(_ => random.NextInt(2) == 0 ? SmallModel.Eos : 1 + random.NextInt(100))];
    }

    [Fact]
    public void Training_separates_chosen_from_rejected_and_a_saved_model_scores_the_same()
    {
        using CpuDevice device = new(1);
        using LanguageModel language = SmallModel.Create(device, SmallModel.Config());
        using LanguageModel model = ScoreModel.From(language, seed: 1, training: true);
        TokenizedPair[] pairs = SmallModel.Pairs(8, 101);
        TrainingOptions options = new()
        {
            Optimizer = new AdamW(),
            LearningRate = new ConstantSchedule { Peak = 3e-3 },
            BatchSize = 8,
            ClipNorm = 1,
        };
        using RewardTrainer trainer = new(model, options);
        RewardReport first = trainer.Step(pairs, [], 40);
        RewardReport last = first;
        for (int i = 1; i < 40; i++)
        {
            last = trainer.Step(pairs, [], 40);
        }

        Assert.InRange(first.Loss, 0.2, 2);
        Assert.True(last.Loss < 0.05, $"loss {last.Loss}");
        Assert.Equal(1, last.Accuracy);

        string folder = Directory.CreateTempSubdirectory("goodhart-reward-").FullName;
        try
        {
            ModelFolder.SaveInto(model, folder);
            using LanguageModel loaded = ModelFolder.Load(device, folder, training: false, OutputHead.Score);
            using RewardScorer expected = new(model);
            using RewardScorer actual = new(loaded);
            PromptTree[] trees = [.. pairs.Select(Tree)];
            Assert.Equal(expected.Rewards(trees), actual.Rewards(trees));
            Assert.Contains(
                "expected a GPTNeoXForCausalLM, found a GPTNeoXForSequenceClassification",
                Assert.Throws<InvalidDataException>(() => ModelFolder.Load(device, folder, training: false)).Message,
                StringComparison.Ordinal);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static float[] Upstream(float[] scores)
    {
        float[] upstream = new float[scores.Length];
        for (int i = 0; i < scores.Length; i += 2)
        {
            double slope = RewardLoss.Evaluate(scores[i], scores[i + 1]).Slope / (scores.Length / 2.0);
            (upstream[i], upstream[i + 1]) = ((float)slope, (float)-slope);
        }

        return upstream;
    }

    /// <summary>One sequence without a tree: the score of its last row.</summary>
    private static double LastScore(LanguageModel model, int[] tokens)
    {
        using IArena arena = model.Device.CreateArena("test", 1 << 16);
        ForestBuilder forest = new();
        forest.ReadLast(forest.AddRoot(tokens));
        Tape tape = new(model.Device, arena, recording: false);
        return model.Device.ReadF32(ModelOutputs.Scores(model, tape, model.Device.Prepare(forest.Build(), arena)).Value)[0];
    }

    private static PromptTree Tree(TokenizedPair pair) => new(pair.Prompt, [pair.Chosen, pair.Rejected]);
}
