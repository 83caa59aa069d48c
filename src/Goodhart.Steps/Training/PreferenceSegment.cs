using Goodhart.Alignment.Losses;
using Goodhart.Alignment.Remedies;
using Goodhart.Alignment.Training;
using Goodhart.Evaluation.Rewards;
using Goodhart.Models;
using Goodhart.Pipeline;
using Goodhart.Steps.Rows;
using Goodhart.Steps.Scoring;
using Goodhart.Text.Data;

namespace Goodhart.Steps.Training;

/// <summary>Direct alignment: training on preference pairs against a reference.</summary>
public sealed record PreferenceSegment : RowSegment
{
    public required PreferenceLoss Loss { get; init; }

    /// <summary>What the loss is trained with; null: nothing.</summary>
    public RemedyPlan? Remedies { get; init; }

    /// <summary>Estimates the share of flipped labels that <see cref="Loss"/> takes; null: it takes its own.</summary>
    public Step<LabelNoise>? Smoothing { get; init; }

    public required IPairRows Rows { get; init; }

    private protected override RowSource Source => Rows.Source;

    private protected override int Parts => Rows.Parts;

    /// <summary>The reference's log-probs of <see cref="Rows"/>.</summary>
    public required ReferenceScores Reference { get; init; }

    public override IReadOnlyList<FileNeed> Needs => NeedsReferenceModel ? [.. base.Needs, .. Reference.Reference.Needs] : base.Needs;

    private protected override string Kind => Remedies is null
        ? StudyLabel.Of(Loss)
        : $"{StudyLabel.Of(Loss)} with {string.Join(", ", Remedies.All.Select(remedy => remedy.Name))}";

    private bool NeedsReferenceModel => Remedies is { NeedsReferenceModel: true };

    private protected override SegmentTrainer CreateTrainer(StepContext context, LanguageModel model)
    {
        LanguageModel? reference = NeedsReferenceModel
            ? Reference.Reference.Load(context, beside: model)
            : null;
        LabelNoise? noise = Smoothing is null ? null : context.Get(Smoothing);
        PreferenceLoss loss = noise is null ? Loss : ((ISmoothedLoss)Loss).Smoothed(noise.Used);
        PreferenceTrainer trainer = new(
            model, Recipe, loss, RowBudget, Remedies, reference, context.Service<TrainingMemory>());
        return new Trainer(
            this, loss, noise, model, reference, trainer, Rows.Read(context), context.Get(Reference), Rows.Source.OpenTokenizer().EosId);
    }

    private sealed class Trainer(
        PreferenceSegment segment, PreferenceLoss loss, LabelNoise? noise, LanguageModel policy, LanguageModel? reference,
        PreferenceTrainer trainer, TokenizedPair[] pairs, ReferencePair[] scores, int eosId) : SegmentTrainer
    {
        public override Updater Updater => trainer.Updater;

        public override int Rows => pairs.Length;

        public override (long Tokens, Dictionary<string, double> Metrics) Step(int[] rows, int totalSteps)
        {
            bool isFirst = trainer.Updater.State.Steps == 0;
            TokenizedPair[] batch = [.. rows.Select(row => pairs[row])];
            PreferenceReport report = trainer.Step(batch, [.. rows.Select(row => scores[row])], totalSteps);
            if (isFirst && segment.Reference.Reference.IsSameAs(segment.Model))
            {
                StepZeroCheck.Require(
                    loss, report, batch, policy.Device.Info.Precision,
                    segment.Remedies is null or { KeepsValueAtReference: true });
            }

            Dictionary<string, double> metrics = new()
            {
                ["loss"] = report.Loss,
                ["rewards/accuracies"] = report.Accuracy,
                ["rewards/margins"] = report.Margin,
                ["rewards/chosen"] = report.RewardChosen,
                ["rewards/rejected"] = report.RewardRejected,
                ["logps/chosen"] = report.LogProbChosen,
                ["logps/rejected"] = report.LogProbRejected,
                ["grad_norm"] = report.Update.GradientNorm,
                ["learning_rate"] = report.Update.LearningRate,
            };
            AddRemedies(metrics, report.Remedies, batch);
            return (batch.Sum(pair => pair.Prompt.Length + pair.Chosen.Length + pair.Rejected.Length), metrics);
        }

        public override void Dispose()
        {
            trainer.Dispose();
            reference?.Dispose();
        }

        private void AddRemedies(Dictionary<string, double> metrics, RemedyReport report, TokenizedPair[] batch)
        {
            if (noise is not null)
            {
                metrics["remedy/noise"] = noise.Used;
            }

            if (report.Beta is { } beta)
            {
                metrics["remedy/beta"] = beta;
            }

            if (report.Weight is { } weight)
            {
                metrics["remedy/weight"] = weight;
            }

            if (segment.Remedies?.Beta is GapBeta && report.Kept is { } kept)
            {
                metrics["remedy/kept"] = kept;
            }

            if (trainer.KlBudget is { } budget && budget.IsDue(trainer.Updater.State.Steps))
            {
                double kl = KlProbe.Measure(policy, reference!, batch, budget.Rule, eosId, trainer.Updater.State.Steps, segment.RowBudget);
                budget.Observe(kl);
                metrics["remedy/kl"] = kl;
            }
        }
    }
}
