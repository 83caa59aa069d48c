using Goodhart.Alignment.Rewards;
using Goodhart.Alignment.Training;
using Goodhart.Engine;
using Goodhart.Models;
using Goodhart.Models.Rewards;
using Goodhart.Pipeline;
using Goodhart.Steps.Folders;
using Goodhart.Steps.Rows;
using Goodhart.Text.Data;

namespace Goodhart.Steps.Training;

/// <summary>Training of a reward model on preference pairs: Eq. (2), with the pairs' margins where they have them.</summary>
/// <remarks>The first part takes the trunk of a language model and draws a head of one score from the run's seed.</remarks>
public sealed record RewardSegment : RowSegment
{
    public required TokenizePairs Rows { get; init; }

    /// <summary>Of files 3: what a chat template wrote is read up to the token that ends the answer, and the record of a model that was
    /// trained on texts is not its trunk's.</summary>
    protected override int Version => Rows.Source is FileRows ? 3 : 1;

    private protected override RowSource Source => Rows.Source;

    private protected override string Kind => "reward";

    private protected override LanguageModel Load(StepContext context)
    {
        if (Previous is not null)
        {
            return new StoredModel(Previous).Load(context, training: true, OutputHead.Score);
        }

        using ModelFolder folder = Model.Open(context);
        IDevice device = context.Service<IDevice>();
        if (Lora is not null)
        {
            return folder.LoadAdapted(device, Lora, Seed, OutputHead.Score);
        }

        using LanguageModel language = folder.Load(device, training: false);
        return ScoreModel.From(language, Seed, training: true);
    }

    private protected override SegmentTrainer CreateTrainer(StepContext context, LanguageModel model) =>
        new Trainer(new RewardTrainer(model, Recipe, RowBudget, context.Service<TrainingMemory>()), ScoredText.Pairs(Rows, context));

    private sealed class Trainer(RewardTrainer trainer, TokenizedPair[] pairs) : SegmentTrainer
    {
        public override Updater Updater => trainer.Updater;

        public override int Rows => pairs.Length;

        public override (long Tokens, Dictionary<string, double> Metrics) Step(int[] rows, int totalSteps)
        {
            TokenizedPair[] batch = [.. rows.Select(row => pairs[row])];
            RewardReport report = trainer.Step(batch, [.. batch.Select(pair => pair.Margin ?? 0)], totalSteps);
            return (batch.Sum(pair => pair.Prompt.Length + pair.Chosen.Length + pair.Rejected.Length), new Dictionary<string, double>
            {
                ["loss"] = report.Loss,
                ["rewards/accuracies"] = report.Accuracy,
                ["rewards/margins"] = report.Margin,
                ["rewards/chosen"] = report.Chosen,
                ["rewards/rejected"] = report.Rejected,
                ["grad_norm"] = report.Update.GradientNorm,
                ["learning_rate"] = report.Update.LearningRate,
            });
        }

        public override void Dispose() => trainer.Dispose();
    }
}
