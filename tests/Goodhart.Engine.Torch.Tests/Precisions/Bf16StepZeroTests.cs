using System.Text.Json;
using Goodhart.Alignment.Losses;
using Goodhart.Alignment.Training;
using Goodhart.Engine.Conformance.Folders;
using Goodhart.Engine.Optimizers;
using Goodhart.Models;
using Goodhart.Models.Scoring;
using Goodhart.Steps.Training;
using Goodhart.Testing;
using Goodhart.Text.Data;
using Xunit;

namespace Goodhart.Engine.Torch.Tests.Precisions;

/// <summary>
/// A policy that is its reference passes in bfloat16 where the two were computed with sums in other orders, and another model does not.
/// </summary>
public sealed class Bf16StepZeroTests
{
    public static TheoryData<string> Folders => CheckpointConformance.Folders;

    [Theory]
    [MemberData(nameof(Folders))]
    public void Only_the_model_itself_is_its_reference(string folder)
    {
        TokenizedPair[] pairs =
        [
            .. Golden.Json(folder, "expected.json").GetProperty("preference").GetProperty("pairs").EnumerateArray().Select(
                (pair, i) => new TokenizedPair(i, Ids(pair, "prompt"), Ids(pair, "chosen"), Ids(pair, "rejected"))),
        ];
        foreach (PreferenceLoss loss in (PreferenceLoss[])[new DpoLoss { Beta = 0.1 }, new IpoCodeLoss { Beta = 1 }])
        {
            PreferenceReport own = FirstUpdate(loss, folder, pairs, Scores(Plain, folder, "policy", pairs));
            Assert.NotEqual(0, own.RewardChosen);
            StepZeroCheck.Require(loss, own, pairs, Precision.BF16);
            PreferenceReport other = FirstUpdate(loss, folder, pairs, Scores(Plain, folder, "reference", pairs));
            Assert.Throws<InvalidOperationException>(() => StepZeroCheck.Require(loss, other, pairs, Precision.BF16));
        }
    }

    private static int[] Ids(JsonElement pair, string name) => pair.GetProperty(name).Ints();

    /// <summary>Attention by products, whose sums are in another order than those of the fused kernel.</summary>
    private static TorchDevice Plain() => new(
        new TorchOptions { Folder = AppContext.BaseDirectory, Precision = Precision.BF16, FusesAttention = false });

    private static ReferencePair[] Scores(Func<IDevice> create, string folder, string model, TokenizedPair[] pairs)
    {
        using IDevice device = create();
        using LanguageModel loaded = ModelFolder.Load(device, Golden.Path(folder, model), training: false);
        using ResponseScorer scorer = new(loaded);
        return
        [
            .. scorer.LogProbs([.. pairs.Select(pair => new PromptTree(pair.Prompt, [pair.Chosen, pair.Rejected]))])
                .Select(scores => new ReferencePair(scores[0], scores[1])),
        ];
    }

    private static PreferenceReport FirstUpdate(PreferenceLoss loss, string folder, TokenizedPair[] pairs, ReferencePair[] scores)
    {
        using IDevice device = TorchKind.Stored();
        using LanguageModel model = ModelFolder.Load(device, Golden.Path(folder, "policy"), training: true);
        using PreferenceTrainer trainer = new(
            model,
            new TrainingOptions
            {
                Optimizer = new RmsProp(),
                LearningRate = new ConstantSchedule { Peak = 0, WarmupSteps = 0 },
                BatchSize = pairs.Length,
                ClipNorm = 10,
            },
            loss);
        return trainer.Step(pairs, scores, totalSteps: 1);
    }
}
