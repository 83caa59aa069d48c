using Goodhart.Engine;
using Goodhart.Models;
using Goodhart.Models.Sampling;
using Goodhart.Models.Scoring;
using Goodhart.Pipeline;
using Goodhart.Studies.Worlds;

namespace Goodhart.Studies.Steps;

/// <summary>Many samples of the SFT model on each evaluation prompt, with their scores: what best-of-n chooses from.</summary>
public sealed record SamplePool : Step<PooledSamples>
{
    public required SftModel Sft { get; init; }

    public required TrainReward Reward { get; init; }

    public required int Prompts { get; init; }

    /// <summary>Samples per prompt.</summary>
    public required int Size { get; init; }

    public required double Temperature { get; init; }

    public required int MaxNewTokens { get; init; }

    public override string Label => FormattableString.Invariant($"{Size} samples per prompt, SFT {Sft.Model.Name}");

    public override double EstimatedCost
    {
        get
        {
            ModelShape flops = ModelFiles.Shape(Sft.Model);
            return Prompts * 2.0 * flops.Forward(ModelFiles.PromptTokens, ModelFiles.SampledTokens, Size);
        }
    }

    public override long EstimatedBytes => 120L * Prompts * Size;

    public override IReadOnlyList<FileNeed> Needs => [new(Sft, ModelFiles.Model), new(Reward, ModelFiles.Model)];

    protected override Task<PooledSamples> RunAsync(StepContext context, CancellationToken cancel)
    {
        IDevice device = context.Service<IDevice>();
        WorldExample[] prompts = context.Service<WorldRows>().EvaluationPrompts(Sft.WorldSeed, Prompts);
        int[][][] samples = Sample(device, context, prompts, cancel);
        context.Report(new ProgressReport(0.7, "sampled"));
        double[][] proxy = TrainReward.Score(
            device, context, Reward, [.. prompts.Select((prompt, i) => new PromptTree(prompt.Post.Prompt, samples[i]))], cancel);
        GoldScore[][] gold = [.. prompts.Select((prompt, i) => Array.ConvertAll(samples[i], tokens => GoldReward.Score(prompt.Post, tokens)))];
        return Task.FromResult(new PooledSamples(
            samples,
            proxy,
            [.. gold.Select(scores => Array.ConvertAll(scores, score => score.Reward))],
            [.. gold.Select((scores, i) => Array.ConvertAll(scores, score => score.WinOver(prompts[i].Gold)))],
            EstimatedCost));
    }

    private int[][][] Sample(IDevice device, StepContext context, WorldExample[] prompts, CancellationToken cancel)
    {
        using LanguageModel model = ModelFiles.Load(device, context.DirectoryOf(Sft), training: false);
        SamplingOptions options = new(
            TldrWorld.Eos, MaxNewTokens, Sft.WorldSeed, FormattableString.Invariant($"best-of-n samples/{Reward.Pairs.AlignmentSeed}"))
        {
            Temperature = Temperature,
            SamplesPerPrompt = Size,
            PromptsPerBatch = Math.Max(1, 512 / Size),
        };
        using Sampler sampler = new(model, options);
        return
        [
            .. sampler.Sample([.. prompts.Select(prompt => new SamplingPrompt(prompt.Id, prompt.Post.Prompt))], cancel)
                .Select(rollout => rollout.Tokens).Chunk(Size),
        ];
    }
}

/// <summary>By prompt, then by sample.</summary>
/// <param name="Samples">Token ids, EOS included where it ended.</param>
/// <param name="Proxy">The reward model's score.</param>
/// <param name="Win">1 where the gold reward is above that of the data set's response, ½ at a tie.</param>
public sealed record PooledSamples(int[][][] Samples, double[][] Proxy, double[][] Gold, double[][] Win, double Flops);
