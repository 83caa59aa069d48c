using Goodhart.Alignment.Losses;
using Goodhart.Alignment.Training;
using Goodhart.Models;
using Goodhart.Pipeline;
using Goodhart.Studies.Stages.Data;
using Goodhart.Studies.Stages.Measuring;
using Goodhart.Text.Data;

namespace Goodhart.Studies.Stages.Training;

/// <summary>Direct alignment: training on preference pairs against a fixed reference.</summary>
public sealed record PreferenceSegment : RowSegment
{
    public required PreferenceLoss Loss { get; init; }

    public required TokenizePairs Rows { get; init; }

    /// <summary>The reference's log-probs of <see cref="Rows"/>.</summary>
    public required ReferenceScores Reference { get; init; }

    private protected override string Kind => StudyLabel.Of(Loss);

    private protected override SegmentTrainer CreateTrainer(StepContext context, LanguageModel model) => new Trainer(
        new PreferenceTrainer(model, Recipe.Options(), Loss, RowBudget),
        Rows.Read(context),
        context.Get(Reference),
        Reference.Reference.IsSameAs(Model) ? Loss : null);

    /// <param name="startsAtReference">The loss, where the run starts from the reference itself, so that step 0 can be checked.</param>
    private sealed class Trainer(
        PreferenceTrainer trainer, TokenizedPair[] pairs, ReferencePair[] reference, PreferenceLoss? startsAtReference) : SegmentTrainer
    {
        public override Updater Updater => trainer.Updater;

        public override int Rows => pairs.Length;

        public override (long Tokens, Dictionary<string, double> Metrics) Step(int[] rows, int totalSteps)
        {
            bool isFirst = trainer.Updater.State.Steps == 0;
            TokenizedPair[] batch = [.. rows.Select(row => pairs[row])];
            PreferenceReport report = trainer.Step(batch, [.. rows.Select(row => reference[row])], totalSteps);
            if (isFirst && startsAtReference is { } loss)
            {
                StepZeroCheck.Require(loss, report);
            }

            return (batch.Sum(pair => pair.Prompt.Length + pair.Chosen.Length + pair.Rejected.Length), new Dictionary<string, double>
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
            });
        }

        public override void Dispose() => trainer.Dispose();
    }
}
