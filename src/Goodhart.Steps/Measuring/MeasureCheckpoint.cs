using Goodhart.Alignment.Training;
using Goodhart.Evaluation.Divergence;
using Goodhart.Evaluation.Metrics;
using Goodhart.Evaluation.Statistics;
using Goodhart.Models;
using Goodhart.Models.Sampling;
using Goodhart.Models.Scoring;
using Goodhart.Pipeline;
using Goodhart.Steps.Folders;
using Goodhart.Steps.Rows;
using Goodhart.Steps.Scoring;
using Goodhart.Text.Data;
using Goodhart.Text.Tokenizers;

namespace Goodhart.Steps.Measuring;

/// <summary>
/// Samples a checkpoint's responses to the prompts and compares it with the reference. All checkpoints see the same noise.
/// </summary>
public sealed record MeasureCheckpoint : ModelStep<CheckpointMeasures>
{
    public const string ResponsesFile = "responses.jsonl";

    /// <summary>Rows of keys and values that sampling holds at once; bounds its memory.</summary>
    public const int CacheRows = 16384;

    public required ModelSource Policy { get; init; }

    public required ModelSource Reference { get; init; }

    public required PromptRows Prompts { get; init; }

    public required ResponseSampling Sampling { get; init; }

    /// <summary>Null: no pairs are measured.</summary>
    public HeldOutPairs? HeldOut { get; init; }

    /// <summary>Null: Eq. (11)'s share is not measured.</summary>
    public BootstrapRows? Bootstrap { get; init; }

    /// <summary>Pairs whose hidden states are compared, at the cost of one more forward pass over them; null: none are.</summary>
    public TokenizePairs? Compared { get; init; }

    /// <summary>The reference's own measurement, whose samples are scored again; null: they are not.</summary>
    public MeasureCheckpoint? Start { get; init; }

    [NotInKey]
    public required string CheckpointName { get; init; }

    /// <summary>Of the responses on disk, about.</summary>
    [NotInKey]
    public required long Bytes { get; init; }

    public override string Label => $"evaluate {CheckpointName}";

    public override long EstimatedBytes => Bytes;

    public override IReadOnlyList<FileNeed> Needs => [.. Policy.Needs, .. Reference.Needs];

    /// <summary>2: entropy, margins' spread and the mass of the likeliest tokens.</summary>
    protected override int Version => 2;

    /// <summary>Floating-point operations of one, about.</summary>
    public static double CostOf(ModelConfig config, ResponseSampling sampling, TokenizedData prompts, HeldOutPairs? heldOut)
    {
        double forward = config.Shape.Forward(prompts.MeanTokens(), sampling.TypicalTokens, sampling.Samples);
        return (prompts.Rows * 3 * forward) + (heldOut?.Reference.EstimatedCost ?? 0);
    }

    /// <summary>A row per sample: the texts of prompt and response at four bytes a token, and the response's token ids.</summary>
    public static long BytesOf(ResponseSampling sampling, TokenizedData prompts) =>
        (long)(prompts.Rows * sampling.Samples * (200 + (4 * prompts.MeanTokens()) + (10 * sampling.TypicalTokens)));

    protected override Task<CheckpointMeasures> RunAsync(StepContext context, CancellationToken cancel)
    {
        using LanguageModel reference = Reference.Load(context);
        using LanguageModel? trained = Policy.IsSameAs(Reference) ? null : Policy.Load(context, beside: reference);
        LanguageModel policy = trained ?? reference;
        ITokenizer tokenizer = Prompts.Source.OpenTokenizer();
        SamplingPrompt[] prompts = Prompts.Read(context);

        IReadOnlyList<Rollout> rollouts = Sample(policy, prompts, tokenizer.EosId, cancel);
        context.Report(new ProgressReport(0.4, "sampled"));
        ResponseDivergence[] divergences = Compare(policy, reference, prompts, rollouts, cancel);
        context.Report(new ProgressReport(0.8, "scored"));
        ResponseRecord.Write(Path.Combine(context.OutputDirectory, ResponsesFile), prompts, rollouts, divergences, tokenizer);

        CheckpointMeasures measures = new(
            Mean(divergences.Select(divergence => divergence.Kl)),
            Mean(divergences.Select(divergence => divergence.LogRatio)),
            Mean(rollouts.Select(rollout => (double)(rollout.Tokens.Length - (rollout.Finished ? 1 : 0)))),
            rollouts.Average(rollout => rollout.Finished ? 1.0 : 0),
            rollouts.Average(rollout => Repetition.Share(rollout.Tokens)),
            HeldOut is null ? null : HeldOutOf(policy, HeldOut, context, cancel))
        {
            Entropy = -divergences.Sum(divergence => divergence.PolicyLogProb) / rollouts.Sum(rollout => (double)rollout.Tokens.Length),
            Unseen = UnseenOf(policy, rollouts, context, cancel),
            Bootstrap = Bootstrap?.Measure(policy, context, cancel),
            HiddenSimilarity = Compared is null ? null : SimilarityOf(policy, Compared.Read(context), cancel),
        };
        context.Report(new ProgressReport(1, "done", new Dictionary<string, double> { ["kl/exact"] = measures.Kl.Mean }));
        return Task.FromResult(measures);
    }

    private IReadOnlyList<Rollout> Sample(LanguageModel policy, SamplingPrompt[] prompts, int eos, CancellationToken cancel)
    {
        int rowsPerPrompt = prompts.Max(prompt => prompt.Tokens.Length) + (Sampling.Samples * Sampling.MaxNewTokens);
        using Sampler sampler = new(policy, new SamplingOptions(eos, Sampling.MaxNewTokens, Sampling.Seed, "evaluation samples")
        {
            Temperature = Sampling.Temperature,
            SamplesPerPrompt = Sampling.Samples,
            PromptsPerBatch = Math.Clamp(CacheRows / rowsPerPrompt, 1, 256),
        });
        return sampler.Sample(prompts, cancel);
    }

    /// <returns>In the order of the rollouts.</returns>
    private ResponseDivergence[] Compare(
        LanguageModel policy, LanguageModel reference, SamplingPrompt[] prompts, IReadOnlyList<Rollout> rollouts, CancellationToken cancel)
    {
        using DivergenceScorer scorer = new(policy, reference, RowBudget);
        IEnumerable<PromptTree> trees = rollouts.Chunk(Sampling.Samples).Select(
            (samples, i) => new PromptTree(prompts[i].Tokens, [.. samples.Select(sample => sample.Tokens)]));
        return [.. scorer.Score(ResponseTrees.Split(trees), cancel).SelectMany(responses => responses)];
    }

    /// <summary>Where the prompts come with the data set's responses; the samples are the reference's own.</summary>
    private UnseenResponses? UnseenOf(LanguageModel policy, IReadOnlyList<Rollout> rollouts, StepContext context, CancellationToken cancel)
    {
        if (Prompts is not AnsweredPrompts prompts)
        {
            return null;
        }

        int[][] samples = Start is null
            ? [.. rollouts.Where(rollout => rollout.Sample == 0).Select(rollout => rollout.Tokens)]
            : context.Get(Start).Unseen!.Samples;
        return UnseenResponses.Of(policy, prompts.ReadWithResponses(context), samples, RowBudget, cancel);
    }

    private static HeldOutMeasures HeldOutOf(
        LanguageModel policy, HeldOutPairs heldOut, StepContext context, CancellationToken cancel)
    {
        TokenizedPair[] pairs = heldOut.Rows.Read(context);
        ReferencePair[] scores = PairScorer.Score(policy, pairs, heldOut.Reference.RowBudget, _ => { }, cancel);
        return PairMeasures.Of(heldOut.Loss, pairs, scores, context.Get(heldOut.Reference));
    }

    private double SimilarityOf(LanguageModel policy, TokenizedPair[] pairs, CancellationToken cancel)
    {
        using ResponseStates states = new(policy, RowBudget);
        return states.Means([.. pairs.Select(pair => new PromptTree(pair.Prompt, [pair.Chosen, pair.Rejected]))], cancel)
            .Average(pair => HiddenSimilarity.Of(pair[0], pair[1]));
    }

    private MeanEstimate Mean(IEnumerable<double> values) => MeanEstimate.OverPrompts(values.ToArray(), Sampling.Samples);
}
