using Goodhart.Alignment.PolicyGradient;
using Goodhart.Evaluation.Statistics;
using Goodhart.Models;
using Goodhart.Models.Sampling;
using Goodhart.Pipeline;
using Goodhart.Steps.Folders;
using Goodhart.Steps.Rows;

namespace Goodhart.Steps.Training;

/// <summary>Part of a run that learns from the policy's own samples, Eq. (3): an update of the base type is a collection here.</summary>
/// <remarks>Prompts and noise are addressed by the collection's number. The reference is what the run starts from.</remarks>
public sealed record RolloutSegment : TrainingSegment
{
    public required PolicyMethod Method { get; init; }

    public required PromptRows Prompts { get; init; }

    public required RewardUse Reward { get; init; }

    /// <summary>What measures the samples beside the reward, and nothing is learnt from; null: none.</summary>
    public SampleReward? Gold { get; init; }

    public required int PromptsPerCollection { get; init; }

    public required int SamplesPerPrompt { get; init; }

    public required int MaxNewTokens { get; init; }

    public override IReadOnlyList<string> DisposableFiles => [.. base.DisposableFiles, .. KeepsOptimizer ? [] : Method.StateFiles];

    public override IReadOnlyList<FileNeed> Needs =>
        [
            .. Model.Needs, .. base.Needs, .. Reward.Needs, .. Gold?.Needs ?? [],
            .. Previous is { } previous ? Method.StateFiles.Select(file => new FileNeed(previous, file)) : [],
        ];

    private protected override string Kind => Method.Name;

    /// <summary>One more for a policy that is an adapter already, whose value model is one too; two more for k3, which near zero is a
    /// series now.</summary>
    protected override int Version => 1 + (Lora is null && Model.IsAdapter && Method is PpoMethod { ValueStart: not null } ? 1 : 0)
        + (Method.Options.Estimator is K3Estimator ? 2 : 0);

    protected override Task<SegmentResult> RunAsync(StepContext context, CancellationToken cancel)
    {
        RequireScheduledSteps();
        using LanguageModel policy = LoadPolicy(context);
        using LanguageModel reference = Model.Load(context, beside: policy);
        using PolicyLearner learner = Method.Open(this, policy, context);
        if (Previous is not null)
        {
            ModelFiles.Restore(context.DirectoryOf(Previous), learner.Trainer.Policy.State, Method.PolicyUpdates(Previous.End));
            learner.Trainer.Restore(context.Get(Previous).KlCoefficient!.Value, Previous.End);
        }

        using EpisodeCollector collector = new(policy, reference, Reward.Open(context, RowBudget), RowBudget);
        using ISampleReward? gold = Gold?.Open(context, RowBudget);
        SegmentResult result = new(End, Run(learner.Trainer, collector, gold, context, cancel))
        {
            KlCoefficient = learner.Trainer.Coefficient,
        };
        Save(context, policy, Prompts.Source);
        ModelFiles.SaveOptimizer(context.OutputDirectory, learner.Trainer.Policy.State);
        learner.Save(context);
        return Task.FromResult(result);
    }

    private List<MetricRow> Run(
        PolicyGradientTrainer trainer, EpisodeCollector collector, ISampleReward? gold, StepContext context, CancellationToken cancel)
    {
        SamplingPrompt[] prompts = Prompts.Read(context);
        int eos = Prompts.Source.OpenTokenizer().EosId;
        DataOrder order = new(prompts.Length, PromptsPerCollection, Seed);
        RunProgress progress = new(context, Start, End);
        IMetricsSink sink = context.Service<IMetricsSink>();
        List<MetricRow> log = [];
        for (int collection = Start; collection < End; collection++)
        {
            cancel.ThrowIfCancellationRequested();
            SamplingOptions sampling = new(eos, MaxNewTokens, Seed, FormattableString.Invariant($"policy-gradient samples/{collection}"))
            {
                SamplesPerPrompt = SamplesPerPrompt,
            };
            Collected collected = collector.Collect([.. order.Batch(collection).Select(row => prompts[row])], sampling, cancel);
            bool policyMoves = Method.PolicyUpdates(collection + 1) > Method.PolicyUpdates(collection);
            double[]? measured = gold is null ? null : [.. gold.Rewards(collected.Trees, cancel).SelectMany(tree => tree)];
            PolicyGradientReport report = trainer.Step(collected.Episodes, TotalSteps);
            MetricRow row = new(
                collection + 1, (collection + 1.0) / order.UpdatesPerEpoch,
                Metrics(report, measured, policyMoves, (collection + 1L) * collected.Episodes.Length));
            log.Add(row);
            sink.Write(row);
            progress.Update(
                collection + 1, collected.Tokens, FormattableString.Invariant($"collection {collection + 1}/{TotalSteps}"), row.Values);
        }

        return log;
    }

    /// <summary>TRL's names. What a collection does not do (update the policy, have a value model) leaves a gap, not a zero.</summary>
    private Dictionary<string, double> Metrics(PolicyGradientReport report, double[]? gold, bool policyMoves, long episodes)
    {
        Dictionary<string, double> metrics = new()
        {
            ["objective/kl"] = report.Kl,
            ["objective/kl_coef"] = report.Coefficient,
            ["objective/scores"] = report.Scores,
            ["objective/non_score_reward"] = report.NonScoreReward,
            ["objective/rlhf_reward"] = report.Reward,
            ["policy/entropy_avg"] = report.Entropy,
            ["eos_rate"] = report.EosRate,
            ["episode"] = episodes,
        };
        if (gold is not null)
        {
            MeanEstimate mean = MeanEstimate.OverPrompts(gold, SamplesPerPrompt);
            metrics["objective/gold"] = mean.Mean;
            if (mean.StandardError is { } error)
            {
                metrics["objective/gold_se"] = error;
            }
        }

        if (policyMoves)
        {
            metrics["loss/policy_avg"] = report.PolicyLoss;
            metrics["policy/approxkl_avg"] = report.ApproximateKl;
            metrics["policy/clipfrac_avg"] = report.ClipShare;
            metrics["val/ratio"] = report.Ratio;
            metrics["lr"] = report.LearningRate;
            metrics["grad_norm"] = report.GradientNorm;
        }

        if (Method is PpoMethod)
        {
            metrics["loss/value_avg"] = report.ValueLoss;
            metrics["val/clipfrac_avg"] = report.ValueClipShare;
        }

        return metrics;
    }
}
