using Goodhart.Alignment.Training;
using Goodhart.Models;
using Goodhart.Pipeline;
using Goodhart.Steps.Rows;
using Goodhart.Text.Data;

namespace Goodhart.Steps.Training;

/// <summary>Supervised training on completions: fine-tuning, or pre-training where the loss has a weight for prompt tokens.</summary>
public sealed record SftSegment : RowSegment
{
    public required TokenizeExamples Rows { get; init; }

    private protected override RowSource Source => Rows.Source;

    public required SupervisedLoss Loss { get; init; }

    private protected override string Kind => Loss.TrainsPrompt ? "pre-train" : "sft";

    private protected override SegmentTrainer CreateTrainer(StepContext context, LanguageModel model) =>
        new Trainer(new SupervisedTrainer(model, Recipe, Loss, RowBudget, context.Service<TrainingMemory>()), Rows.Read(context));

    private sealed class Trainer(SupervisedTrainer trainer, TokenizedExample[] examples) : SegmentTrainer
    {
        public override Updater Updater => trainer.Updater;

        public override int Rows => examples.Length;

        public override (long Tokens, Dictionary<string, double> Metrics) Step(int[] rows, int totalSteps)
        {
            TokenizedExample[] batch = [.. rows.Select(row => examples[row])];
            SupervisedReport report = trainer.Step(batch, totalSteps);
            return (batch.Sum(row => row.Prompt.Length + row.Response.Length), new Dictionary<string, double>
            {
                ["loss"] = report.Loss,
                ["nll"] = report.ResponseNll,
                ["grad_norm"] = report.Update.GradientNorm,
                ["learning_rate"] = report.Update.LearningRate,
            });
        }

        public override void Dispose() => trainer.Dispose();
    }
}
