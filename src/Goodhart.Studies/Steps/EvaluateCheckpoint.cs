using Goodhart.Alignment.Training;
using Goodhart.Engine;
using Goodhart.Evaluation.Divergence;
using Goodhart.Evaluation.Points;
using Goodhart.Models;
using Goodhart.Models.Sampling;
using Goodhart.Models.Scoring;
using Goodhart.Pipeline;
using Goodhart.Studies.Theory;
using Goodhart.Studies.Worlds;

namespace Goodhart.Studies.Steps;

/// <summary>
/// Measures one checkpoint: KL to the reference, win rate and gold reward on the held-out prompts, loss and margins on the held-out
/// pairs. All checkpoints see the same prompts and the same noise, so comparisons are paired.
/// </summary>
public sealed record EvaluateCheckpoint : Step<CheckpointEvaluation>
{
    /// <summary>Held-out pairs along which the bootstrapped share is measured.</summary>
    private const int BootstrapPairs = 128;

    /// <summary>The checkpoint; null evaluates the reference itself, the point at d = 0.</summary>
    public PolicySegment? Policy { get; init; }

    /// <summary>The reference's own evaluation, whose samples are scored again; null for the reference.</summary>
    public EvaluateCheckpoint? Start { get; init; }

    public required SftModel Reference { get; init; }

    public required ReferenceLogProbs HeldOut { get; init; }

    /// <summary>The reward model whose score of the samples is reported; null for none.</summary>
    public TrainReward? Proxy { get; init; }

    /// <summary>The pairs that the seed's runs are trained on: they say which tokens are seen, Eq. (11).</summary>
    public required PairSource Trained { get; init; }

    public required int AlignmentSeed { get; init; }

    public required int Prompts { get; init; }

    public required int SamplesPerPrompt { get; init; }

    public required double Temperature { get; init; }

    public required int MaxNewTokens { get; init; }

    public override string Label => $"evaluate {Policy?.Label ?? $"SFT {Reference.Model.Name}"}";

    public override double EstimatedCost
    {
        get
        {
            ModelShape flops = ModelFiles.Shape(Reference.Model);
            double sampling = SamplesPerPrompt * flops.Forward(ModelFiles.PromptTokens, ModelFiles.SampledTokens, 1);
            double scoring = 2 * flops.Forward(ModelFiles.PromptTokens, ModelFiles.SampledTokens, SamplesPerPrompt);
            return (Prompts * (sampling + scoring))
                + (Prompts * flops.Forward(ModelFiles.PromptTokens, ModelFiles.ResponseTokens, 2))
                + (HeldOut.Pairs.Count * flops.Forward(ModelFiles.PromptTokens, ModelFiles.ResponseTokens, 2));
        }
    }

    public override long EstimatedBytes => 150L * Prompts;

    public override IReadOnlyList<FileNeed> Needs =>
    [
        .. Policy is null ? (FileNeed[])[] : [new(Policy, ModelFiles.Model)],
        .. Proxy is null ? (FileNeed[])[] : [new(Proxy, ModelFiles.Model)],
    ];

    protected override int Version => 3;

    protected override Task<CheckpointEvaluation> RunAsync(StepContext context, CancellationToken cancel)
    {
        IDevice device = context.Service<IDevice>();
        WorldRows world = context.Service<WorldRows>();
        using LanguageModel reference = ModelFiles.Load(device, context.DirectoryOf(Reference), training: false);
        using LanguageModel? trained = Policy is null ? null : ModelFiles.Load(device, context.DirectoryOf(Policy), training: false);
        LanguageModel policy = trained ?? reference;

        WorldExample[] prompts = world.EvaluationPrompts(Reference.WorldSeed, Prompts);
        IReadOnlyList<Rollout> rollouts = Sample(policy, prompts, cancel);
        context.Report(new ProgressReport(0.4, "sampled"));
        ResponseMeasures measures = Measure(policy, reference, prompts, rollouts, cancel);
        context.Report(new ProgressReport(0.8, "scored"));

        PairMeasures? pairs = Policy is null
            ? null
            : PairMeasures.Of(
                Policy.PairLoss,
                [.. world.Pairs(HeldOut.Pairs).Select(pair => pair.Tokens)],
                ReferenceLogProbs.Score(policy, world.Pairs(HeldOut.Pairs), cancel),
                context.Get(HeldOut));
        double[][]? proxy = Proxy is null ? null : TrainReward.Score(device, context, Proxy, Trees(prompts, rollouts), cancel);
        UnseenResponses? atStart = Start is null ? null : context.Get(Start).Unseen;
        UnseenResponses unseen = UnseenResponses.Of(
            policy, [.. prompts.Select(prompt => prompt.Tokens)], atStart?.Samples ?? measures.FirstTokens, ResponseScorer.DefaultRowBudget, cancel);
        CheckpointPoint point = unseen.AddTo(measures.AddTo(Point(policy, pairs, context.Get(HeldOut)), proxy), atStart ?? unseen);
        context.Report(new ProgressReport(
            1, "done", new Dictionary<string, double> { ["kl/exact"] = point.Kl, ["winrate/gold"] = measures.Outcomes.Win.Average() }));
        return Task.FromResult(new CheckpointEvaluation(
            point, measures.Outcomes, measures.FirstResponses(prompts), measures.SlotAccuracy(prompts), EstimatedCost)
        {
            Unseen = Policy is null ? unseen : null,
            Bootstrap = Bootstrap(world, policy, cancel),
        });
    }

    private IReadOnlyList<Rollout> Sample(LanguageModel policy, WorldExample[] prompts, CancellationToken cancel)
    {
        SamplingOptions options = new(
            TldrWorld.Eos, MaxNewTokens, Reference.WorldSeed, FormattableString.Invariant($"evaluation samples/{AlignmentSeed}"))
        {
            Temperature = Temperature,
            SamplesPerPrompt = SamplesPerPrompt,
        };
        using Sampler sampler = new(policy, options);
        return sampler.Sample([.. prompts.Select(prompt => new SamplingPrompt(prompt.Id, prompt.Post.Prompt))], cancel);
    }

    private ResponseMeasures Measure(
        LanguageModel policy, LanguageModel reference, WorldExample[] prompts, IReadOnlyList<Rollout> rollouts, CancellationToken cancel)
    {
        using DivergenceScorer scorer = new(policy, reference);
        ResponseDivergence[][] divergences = scorer.Score(Trees(prompts, rollouts), cancel);
        return new ResponseMeasures(prompts, [.. rollouts.Chunk(SamplesPerPrompt)], divergences);
    }

    private BootstrappedShares Bootstrap(WorldRows world, LanguageModel policy, CancellationToken cancel)
    {
        WorldBootstrap bootstrap = world.Bootstrap(Trained);
        WorldPair[] heldOut = world.Pairs(HeldOut.Pairs);
        return new BootstrappedShares(
            bootstrap.AtPrefix(policy, cancel), bootstrap.AfterRecent(policy, heldOut[..Math.Min(heldOut.Length, BootstrapPairs)], cancel));
    }

    private PromptTree[] Trees(WorldExample[] prompts, IReadOnlyList<Rollout> rollouts) =>
    [
        .. prompts.Select((prompt, i) => new PromptTree(
            prompt.Post.Prompt, [.. rollouts.Skip(i * SamplesPerPrompt).Take(SamplesPerPrompt).Select(rollout => rollout.Tokens)])),
    ];

    private CheckpointPoint Point(LanguageModel policy, PairMeasures? pairs, ReferencePair[] heldOut)
    {
        CheckpointPoint point = new()
        {
            Loss = Policy?.Method ?? "",
            Beta = Policy?.Beta,
            Model = Reference.Model.Name,
            Parameters = policy.Parameters.Count,
            NonEmbedding = policy.Shape.NonEmbedding,
            Seed = AlignmentSeed,
            Fraction = Policy?.Fraction ?? 0,
            Step = Policy?.End ?? 0,
            Examples = Policy?.Examples ?? 0,
            Kl = 0,
        };
        return pairs?.AddTo(point) ?? point with
        {
            LogProbChosen = heldOut.Average(pair => pair.Chosen),
            LogProbRejected = heldOut.Average(pair => pair.Rejected),
        };
    }
}
