using Goodhart.Alignment.Training;
using Goodhart.Models;
using Goodhart.Pipeline;
using Goodhart.Studies.Configuration;
using Goodhart.Studies.Stages.Data;
using Goodhart.Text.Data;

namespace Goodhart.Studies.Stages.Training;

/// <summary>Supervised fine-tuning on completions; prompt tokens are read and not trained.</summary>
public sealed record SftSegment : RowSegment
{
    public required TokenizeExamples Rows { get; init; }

    public required SftReduction Reduction { get; init; }

    private protected override string Kind => "sft";

    private protected override SegmentTrainer CreateTrainer(StepContext context, LanguageModel model)
    {
        SupervisedLoss loss = Reduction == SftReduction.TokenMean ? new TokenMean() : new SequenceMean();
        return new Trainer(new SupervisedTrainer(model, Recipe.Options(), loss, RowBudget), Rows.Read(context));
    }

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
