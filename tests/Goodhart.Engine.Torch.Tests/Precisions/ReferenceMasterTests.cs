using Goodhart.Alignment.Losses;
using Goodhart.Alignment.Remedies;
using Goodhart.Alignment.Training;
using Goodhart.Engine.Optimizers;
using Goodhart.Models;
using Goodhart.Testing;
using Goodhart.Text.Data;
using Xunit;

namespace Goodhart.Engine.Torch.Tests.Precisions;

/// <summary>A reference that follows the policy by a small share keeps what bfloat16 would lose of it.</summary>
public sealed class ReferenceMasterTests
{
    private const double Share = 1e-3;

    [Fact]
    public void A_small_share_of_the_policy_reaches_the_reference()
    {
        using IDevice device = TorchKind.Stored();
        string folder = Golden.Path("gptneox", "a-parallel-f32", "policy");
        using LanguageModel policy = ModelFolder.Load(device, folder, training: true);
        using LanguageModel reference = ModelFolder.Load(device, folder, training: false);
        float[] before = device.ReadF32(reference.Parameters.Values);
        using PreferenceTrainer trainer = new(
            policy, TrainingOptions.Constant(1, new RmsProp(), learningRate: 1e-2, warmupSteps: 0, clipNorm: 1), new DpoLoss { Beta = 0.1 },
            remedies: new RemedyPlan { Reference = new SoftReferenceUpdate { Alpha = Share, Every = 1 } }, reference: reference);
        trainer.Step([new TokenizedPair(1, [1, 2, 3], [4, 5], [6, 7])], [], totalSteps: 1);

        float[] moved = device.ReadF32(policy.Parameters.Values);
        float[] masters = trainer.Updater.State.Save().Single(values => values.Name == "reference").ToArray();
        float[] expected = [.. before.Zip(moved, (own, other) => (float)(((1 - Share) * own) + (Share * other)))];
        Assert.Equal(expected, masters);
        Assert.NotEqual(before, masters);
        float[] stored = device.ReadF32(reference.Parameters.Values);
        Assert.All(masters.Zip(stored), pair => Assert.Equal(pair.First, pair.Second, 0.004f * Math.Abs(pair.First)));
    }
}
