using Goodhart.Alignment.Losses;
using Goodhart.Alignment.Training;
using Goodhart.Engine;
using Goodhart.Models;
using Goodhart.Pipeline;
using Goodhart.Steps.Rows;
using Goodhart.Steps.Scoring;

namespace Goodhart.Steps.Training;

/// <summary>Direct alignment on single responses with labels, against a fixed reference.</summary>
public sealed record KtoSegment : RowSegment
{
    public required KtoLoss Loss { get; init; }

    public required TokenizeResponses Rows { get; init; }

    private protected override RowSource Source => Rows.Source;

    /// <summary>The reference's log-probs of <see cref="Rows"/>.</summary>
    public required ResponseScores Reference { get; init; }

    private protected override string Kind => StudyLabel.Of(Loss);

    private protected override SegmentTrainer CreateTrainer(StepContext context, LanguageModel model) => new Trainer(
        new KtoTrainer(model, Recipe, Loss, RowBudget, context.Service<TrainingMemory>()),
        ResponseScores.Read(Rows, context),
        context.Get(Reference),
        Reference.Reference.IsSameAs(Model) ? Loss : null,
        model.Device.Info.Precision);

    /// <param name="startsAtReference">The loss, where the run starts from the reference itself, so that step 0 can be checked.</param>
    private sealed class Trainer(
        KtoTrainer trainer, KtoRow[] rows, KtoLogProbs[] reference, KtoLoss? startsAtReference, Precision precision) : SegmentTrainer
    {
        public override Updater Updater => trainer.Updater;

        public override int Rows => rows.Length;

        public override (long Tokens, Dictionary<string, double> Metrics) Step(int[] batch, int totalSteps)
        {
            bool isFirst = trainer.Updater.State.Steps == 0;
            KtoRow[] chosen = [.. batch.Select(row => rows[row])];
            KtoReport report = trainer.Step(chosen, [.. batch.Select(row => reference[row])], totalSteps);
            if (isFirst && startsAtReference is { } loss)
            {
                StepZeroCheck.Require(loss, report, chosen, precision);
            }

            Dictionary<string, double> metrics = KtoMetrics.Of(report, "");
            metrics["grad_norm"] = report.Update.GradientNorm;
            metrics["learning_rate"] = report.Update.LearningRate;
            return (chosen.Sum(row => row.Labelled.Prompt.Length + row.Labelled.Response.Length), metrics);
        }

        public override void Dispose() => trainer.Dispose();
    }
}
