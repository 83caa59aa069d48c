using System.Text.Json;
using Goodhart.Evaluation.Rewards;
using Goodhart.Models;
using Goodhart.Models.Rewards;
using Goodhart.Models.Scoring;
using Goodhart.Pipeline;
using Goodhart.Steps.Folders;
using Goodhart.Steps.Rows;
using Goodhart.Steps.Training;
using Goodhart.Text.Data;

namespace Goodhart.Steps.Measuring;

/// <summary>A reward model on pairs it was not trained on: a line of metrics.jsonl, and the rewards themselves as a file.</summary>
public sealed record HeldOutReward : ModelStep<MetricRow>
{
    /// <summary>A JSON list of [chosen, rejected].</summary>
    public const string RewardsFile = "rewards.json";

    public required ModelSource Model { get; init; }

    public required TokenizePairs Rows { get; init; }

    /// <summary>Updates done at the checkpoint; 0 for a model that was not trained here.</summary>
    [NotInKey]
    public required int Update { get; init; }

    /// <summary>Passes over the training data done at the checkpoint.</summary>
    [NotInKey]
    public required double Epoch { get; init; }

    /// <summary>For labels.</summary>
    [NotInKey]
    public required string ModelName { get; init; }

    public override string Label => $"held-out pairs, {ModelName}";

    /// <summary>2: what a chat template wrote is read up to the token that ends the answer.</summary>
    protected override int Version => Rows.Source.WritesConversations ? 2 : 1;

    public override IReadOnlyList<FileNeed> Needs => Model.Needs;

    public static double[][] Read(string directory) =>
        JsonSerializer.Deserialize<double[][]>(File.ReadAllBytes(Path.Combine(directory, RewardsFile)))!;

    protected override Task<MetricRow> RunAsync(StepContext context, CancellationToken cancel)
    {
        using LanguageModel model = Model.Load(context, head: OutputHead.Score);
        using RewardScorer scorer = new(model, RowBudget);
        TokenizedPair[] pairs = ScoredText.Pairs(Rows, context);
        double[][] rewards = scorer.Rewards([.. pairs.Select(pair => new PromptTree(pair.Prompt, [pair.Chosen, pair.Rejected]))], cancel);
        File.WriteAllBytes(Path.Combine(context.OutputDirectory, RewardsFile), JsonSerializer.SerializeToUtf8Bytes(rewards));
        RewardCalibration quality = RewardCalibration.Of([.. rewards.Select(pair => pair[0] - pair[1])]);
        MetricRow row = new(Update, Epoch, new Dictionary<string, double>
        {
            ["eval/loss"] = quality.Loss,
            ["eval/rewards/accuracies"] = quality.Accuracy.Mean,
            ["eval/rewards/margins"] = rewards.Average(pair => pair[0] - pair[1]),
            ["eval/rewards/chosen"] = rewards.Average(pair => pair[0]),
            ["eval/rewards/rejected"] = rewards.Average(pair => pair[1]),
            ["eval/calibration_error"] = quality.ExpectedCalibrationError,
        });
        context.Service<IMetricsSink>().Write(row);
        return Task.FromResult(row);
    }
}
