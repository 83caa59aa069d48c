using System.Text.Json;
using Goodhart.Alignment.Losses;
using Goodhart.Alignment.PolicyGradient;
using Goodhart.Alignment.Rewards;
using Goodhart.Alignment.Training;
using Goodhart.Engine.Optimizers;
using Goodhart.Models;
using Goodhart.Models.Rewards;
using Goodhart.Models.Sampling;
using Goodhart.Models.Scoring;
using Goodhart.Testing;
using Goodhart.Text.Data;
using Xunit;

namespace Goodhart.Engine.Torch.Tests.Precisions;

/// <summary>Every kind of training in bfloat16 moves its weights the way that float32 does.</summary>
public sealed class Bf16TrainingTests
{
    /// <summary>Cosine of what the two precisions added to the weights by plain gradient steps.</summary>
    private const double SameWay = 0.99;

    private const string NeoX = "gptneox/a-parallel-f32";
    private const string Qwen = "decoders/qwen3-f32";
    private const string Adapter = "decoders/lora/llama-gqa-f32";

    [Theory]
    [InlineData("dpo", NeoX)]
    [InlineData("dpo", Qwen)]
    [InlineData("dpo", Adapter)]
    [InlineData("sft", NeoX)]
    [InlineData("reward", NeoX)]
    [InlineData("reward", Adapter)]
    [InlineData("ppo", NeoX)]
    public void Gradients_point_the_same_way(string kind, string folder)
    {
        (double loss, float[] gradient) = Step(TorchKind.One, kind, folder);
        (double storedLoss, float[] stored) = Step(TorchKind.Stored, kind, folder);
        Assert.Equal(loss, storedLoss, 0.05 * Math.Max(1, Math.Abs(loss)));
        double cosine = Dot(gradient, stored) / Math.Sqrt(Dot(gradient, gradient) * Dot(stored, stored));
        Assert.True(cosine >= SameWay, FormattableString.Invariant($"cosine {cosine:F4}"));
        Assert.NotEqual(gradient, stored);
    }

    /// <summary>Processors with instructions for bfloat16 and those without them take different ways.</summary>
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Both_ways_to_multiply_agree(bool widens)
    {
        (double loss, float[] gradient) = Step(TorchKind.Stored, "dpo", NeoX);
        (double otherLoss, float[] other) = Step(
            () => new TorchDevice(
                new TorchOptions { Folder = AppContext.BaseDirectory, Precision = Precision.BF16, Widens = widens }),
            "dpo", NeoX);
        Assert.Equal(loss, otherLoss, 0.02);
        Assert.True(Dot(gradient, other) / Math.Sqrt(Dot(gradient, gradient) * Dot(other, other)) >= SameWay);
    }

    [Fact]
    public void Samples_have_the_log_probs_that_scoring_gives_them()
    {
        using IDevice device = TorchKind.Stored();
        using LanguageModel model = ModelFolder.Load(device, Golden.Path(NeoX, "policy"), training: false);
        using Sampler sampler = new(model, new SamplingOptions(EosId: 0, MaxNewTokens: 12, Seed: 5, "test") { SamplesPerPrompt = 2 });
        IReadOnlyList<Rollout> rollouts = sampler.Sample([new SamplingPrompt(0, [5, 17, 9]), new SamplingPrompt(1, [6, 20, 9, 4])]);
        using ResponseScorer scorer = new(model);
        int[][] prompts = [[5, 17, 9], [6, 20, 9, 4]];
        foreach (Rollout rollout in rollouts)
        {
            double scored = scorer.LogProbs([new PromptTree(prompts[rollout.Item], [rollout.Tokens])])[0][0];
            Assert.Equal(scored, rollout.LogProb, 0.03 * rollout.Tokens.Length);
        }
    }

    private static double Dot(float[] a, float[] b) => a.Zip(b, (x, y) => (double)x * y).Sum();

    /// <summary>The loss and the gradient of one step.</summary>
    private static (double Loss, float[] Gradient) Step(Func<IDevice> create, string kind, string folder)
    {
        bool adapted = folder == Adapter;
        using IDevice device = create();
        using LanguageModel language = ModelFolder.Load(device, Golden.Path(folder, adapted ? "adapter" : "policy"), training: true);
        using LanguageModel? score = kind == "reward" ? ScoreModel.From(language, seed: 3, training: true) : null;
        LanguageModel model = score ?? language;
        TokenizedPair[] pairs =
        [
            .. Golden.Json(folder, "expected.json").GetProperty("preference").GetProperty("pairs").EnumerateArray().Select(
                (pair, i) => new TokenizedPair(
                    i, pair.GetProperty("prompt").Ints(), pair.GetProperty("chosen").Ints(), pair.GetProperty("rejected").Ints())),
        ];
        TrainingOptions options = new()
        {
            Optimizer = new RmsProp(),
            LearningRate = new ConstantSchedule { Peak = 0, WarmupSteps = 0 },
            BatchSize = pairs.Length,
            ClipNorm = double.PositiveInfinity,
        };
        double loss = kind switch
        {
            "dpo" => Preferences(),
            "sft" => Supervised(),
            "reward" => Reward(),
            _ => Policy(),
        };
        return (loss, device.ReadF32(model.TrainedParameters.Gradients));

        double Preferences()
        {
            using PreferenceTrainer trainer = new(model, options, new DpoLoss { Beta = 0.1 });
            return trainer.Step(pairs, [.. pairs.Select(_ => new ReferencePair(-20, -30))], totalSteps: 1).Loss;
        }

        double Supervised()
        {
            using SupervisedTrainer trainer = new(model, options, new TokenMean());
            return trainer.Step([.. pairs.Select(pair => new TokenizedExample(pair.Id, pair.Prompt, pair.Chosen))], totalSteps: 1).Loss;
        }

        double Reward()
        {
            using RewardTrainer trainer = new(model, options);
            return trainer.Step(pairs, margins: [], totalSteps: 1).Loss;
        }

        double Policy()
        {
            using LanguageModel value = ScoreModel.From(language, seed: 4, training: true);
            using PpoTrainer trainer = new(
                model, value, new PpoOptions { Policy = options, Value = options, Kl = new FixedKl { Initial = 0.05 }, Epochs = 1 });
            return trainer.Step(
                [
                    .. pairs.Select(pair => new Episode(
                        pair.Id, pair.Prompt, pair.Chosen, Finished: true, Score: pair.Id % 2, new float[pair.Chosen.Length])),
                ],
                totalCollections: 1).ValueLoss;
        }
    }
}
