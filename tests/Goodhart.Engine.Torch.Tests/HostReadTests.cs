using Goodhart.Alignment.Losses;
using Goodhart.Alignment.Training;
using Goodhart.Engine.Optimizers;
using Goodhart.Models;
using Goodhart.Models.Sampling;
using Goodhart.Testing;
using Goodhart.Text.Data;
using Xunit;

namespace Goodhart.Engine.Torch.Tests;

/// <summary>How often the host waits for the device, on a device that does as a GPU does.</summary>
public sealed class HostReadTests
{
    private const string Folder = "gptneox/a-parallel-f32";

    /// <summary>The log-probs of each micro-batch, by which the host computes losses, and the norm that says whether to update.</summary>
    [Theory]
    [InlineData(4000, 1)]
    [InlineData(1, 6)]
    public void A_step_reads_log_probs_and_the_gradient_norm(int rowBudget, int parts)
    {
        using TorchDevice device = Device();
        using LanguageModel model = ModelFolder.Load(device, Golden.Path(Folder, "policy"), training: true);
        TrainingOptions options = new()
        {
            Optimizer = new AdamW(),
            LearningRate = new ConstantSchedule { Peak = 1e-4, WarmupSteps = 0 },
            BatchSize = 6,
            ClipNorm = 1,
        };
        using PreferenceTrainer trainer = new(model, options, new DpoLoss { Beta = 0.1 }, rowBudget);
        TokenizedPair[] pairs = [.. Enumerable.Range(0, 6).Select(i => new TokenizedPair(i, [5, 17, 9], [20, 21, 22 + i], [30, 31]))];
        ReferencePair[] reference = [.. pairs.Select(_ => new ReferencePair(-10, -10))];
        int before = device.HostReads;
        trainer.Step(pairs, reference, totalSteps: 1);
        Assert.Equal(parts + 1, device.HostReads - before);
    }

    [Fact]
    public void Sampling_reads_once_for_each_token()
    {
        const int NewTokens = 7;
        using TorchDevice device = Device();
        using LanguageModel model = ModelFolder.Load(device, Golden.Path(Folder, "policy"), training: false);
        using Sampler sampler = new(model, new SamplingOptions(EosId: -1, NewTokens, Seed: 1, "test") { SamplesPerPrompt = 2 });
        int before = device.HostReads;
        sampler.Sample([new SamplingPrompt(0, [5, 17, 9]), new SamplingPrompt(1, [6, 20])]);
        Assert.Equal(NewTokens, device.HostReads - before);
    }

    private static TorchDevice Device() => new(new TorchOptions { Folder = AppContext.BaseDirectory, LooksAway = true });
}
