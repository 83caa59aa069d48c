using Goodhart.Alignment.Training;
using Goodhart.Models;
using Goodhart.Pipeline;
using Goodhart.Text.Data;

namespace Goodhart.Studies.Steps;

/// <summary>Updates [start, end) of supervised training on rows in their own order; the last partial batch is dropped.</summary>
internal sealed class SupervisedRun(LanguageModel model, SupervisedTrainer trainer, TokenizedExample[] rows, int batchSize, bool readsPrompt)
{
    public int TotalSteps => rows.Length / batchSize;

    public TrainedModel Run(int end, StepContext context, CancellationToken cancel)
    {
        int start = trainer.Updater.State.Steps;
        RunProgress progress = new(context, start, end);
        ModelShape flops = model.Shape;
        List<UpdateRow> log = [];
        double work = 0;
        for (int step = start; step < end; step++)
        {
            cancel.ThrowIfCancellationRequested();
            TokenizedExample[] batch = rows[(step * batchSize)..((step + 1) * batchSize)];
            SupervisedReport report = trainer.Step(batch, TotalSteps);
            log.Add(new UpdateRow(step, report.Loss, report.Update.GradientNorm, report.Update.LearningRate));
            work += batch.Sum(row => flops.Training(row.Prompt.Length, row.Response.Length - 1, 1, readsPrompt));
            progress.Update(
                step + 1, batch.Sum(row => row.Prompt.Length + row.Response.Length), $"update {step + 1}/{TotalSteps}",
                new Dictionary<string, double> { ["loss"] = report.Loss, ["nll"] = report.ResponseNll });
        }

        return new TrainedModel(end, (long)end * batchSize, log.TakeLast(100).Average(row => row.Loss), work, log);
    }
}
