using System.Text.Json.Nodes;
using Goodhart.Evaluation.Points;
using Goodhart.Pipeline;
using Goodhart.Studies.Configuration;
using Goodhart.Studies.Reporting;
using Goodhart.Studies.Results;
using Xunit;

namespace Goodhart.Studies.Tests.Running;

/// <summary>PPO and best-of-n beside direct alignment, from nothing to the report.</summary>
public sealed class RlhfStudyTests
{
    internal const string Rlhf =
        "rlhf={reward: {batchSize: 16, optimizer: {name: rmsprop, alpha: 0.99, eps: 1e-8}, learningRate: 2e-4, warmupSteps: 1, "
            + "clipNorm: 10}, "
        + "ppo: {betas: [0.1], collections: 4, prompts: 4, samplesPerPrompt: 2, epochs: 2, miniBatches: 2, "
        + "optimizer: {name: adam, beta1: 0.9, beta2: 0.95, eps: 1e-8}, learningRate: 1e-3, valueLearningRate: 1e-3, warmupSteps: 0, "
        + "clipNorm: 1, "
        + "clipRange: 0.2, valueWarmup: 1, lambda: 0.95}, bestOfN: {n: [2, 4], pool: 4}}";

    [Fact]
    public async Task Every_method_has_its_points_on_one_axis()
    {
        using MicroStudy study = MicroStudy.Empty();
        StudyDefinition definition = Definition("align.losses=[dpo, r-dpo, ppo, best-of-n]") with { Tree = true };
        Assert.Equal(definition, StudyJson.Read(StudyJson.Write(definition)), JsonEquality.Instance);
        string[] executed = await study.RunAsync(definition);
        Assert.Equal(2, executed.Count(name => name == "rollout-segment"));
        Assert.Equal(1, executed.Count(name => name == "reward-segment"));

        StudyResults results = StudyResultsFile.Read(Path.Combine(study.Folder, "results.json"));
        Assert.Equal(
            [
                ("", null), ("dpo", null), ("dpo", null), ("r-dpo", null), ("r-dpo", null), ("ppo", null), ("ppo", null), ("best-of-n", 2),
                ("best-of-n", 4),
            ],
            results.Points.Select(point => (point.Loss, point.BestOf)));
        Assert.All(results.Points, point => Assert.NotNull(point.ProxyReward));
        CheckpointPoint[] ppo = [.. results.Points.Where(point => point.Loss == RlhfMethods.Ppo)];
        Assert.Equal([2, 4], ppo.Select(point => point.Step));
        Assert.Equal([16, 32], ppo.Select(point => point.Examples));
        Assert.All(ppo, point => Assert.Null(point.LossValue));
        Assert.All(ppo, point => Assert.NotNull(point.ForwardKl));
        CheckpointPoint[] best = [.. results.Points.Where(point => point.Loss == RlhfMethods.BestOfN)];
        Assert.All(best, point => Assert.InRange(point.Kl, 0, point.KlBound!.Value + 1e-9));
        Assert.True(best[1].ProxyReward >= best[0].ProxyReward);
        Assert.InRange(Assert.Single(results.RewardModels).HeldOut.Accuracy.Mean, 0, 1);
        string model = results.Points[0].Model;
        Assert.All(
            (string[])["dpo", "ppo", "best-of-n"],
            method => Assert.Contains($"{method}/{model}/gold", results.GoldFits.Select(fit => fit.Group)));
        double?[] gold =
        [
            .. Directory.GetDirectories(Path.Combine(study.Folder, "steps"), "rollout-segment-*")
                .SelectMany(step => JsonNode.Parse(File.ReadAllText(Path.Combine(step, "result.json")))!["log"]!.AsArray())
                .Select(collection => (double?)collection!["values"]!["objective/gold"]),
        ];
        Assert.Equal(4, gold.Length);
        Assert.All(gold, mean => Assert.NotNull(mean));
        string page = study.Read("report.html");
        Assert.Contains("on one axis", page, StringComparison.Ordinal);
        Assert.All(
            (string[])["length", "metrics", "likelihoods", "forecasts", "bootstrapping", "tree"],
            chapter => Assert.Contains($"<section id=\"{chapter}\"", page, StringComparison.Ordinal));

        // The same bits whatever the threads, and resumed after losing the run's second half.
        using MicroStudy other = study.Copy();
        foreach (string lost in Directory.EnumerateDirectories(Path.Combine(other.Folder, "steps"), "rollout-segment-*").Concat(
            Directory.EnumerateDirectories(Path.Combine(other.Folder, "steps"), "measure-*")))
        {
            StepRecordText record = StepRecordText.Of(lost);
            if (record.IsSecondHalf || record.IsEvaluation)
            {
                Directory.Delete(lost, recursive: true);
            }
        }

        await other.RunAsync(definition, workers: 1, threads: 2);
        Assert.Equal(study.Read("points.csv"), other.Read("points.csv"));
    }

    [Fact]
    public async Task Best_of_n_alone_is_a_study()
    {
        using MicroStudy study = MicroStudy.Empty();
        await study.RunAsync(Definition("align.losses=[best-of-n]"));
        Assert.Contains("best-of-n", study.Read("points.csv"), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("align.losses=[ppo]", "ppo needs the key 'rlhf': how its reward model and its policy are trained.")]
    [InlineData("align.also=[{ losses: [best-of-n] }]", "best-of-n needs the key 'rlhf'")]
    public void Without_a_reward_model_there_is_no_rlhf(string change, string message) => Assert.Contains(
        message, Assert.Throws<StudyFileException>(() => MicroStudy.Definition(change)).Message, StringComparison.Ordinal);

    [Fact]
    public void A_pool_smaller_than_n_is_refused() => Assert.Contains(
        "rlhf.bestOfN.pool: expected at least the largest n (4), found 3.",
        Assert.Throws<StudyFileException>(
            () => MicroStudy.Definition("align.losses=[ppo]", Rlhf.Replace("pool: 4", "pool: 3", StringComparison.Ordinal))).Message,
        StringComparison.Ordinal);

    [Fact]
    public void A_missing_part_of_rlhf_is_told() => Assert.Contains(
        "missing key 'bestOfN' in rlhf",
        Assert.Throws<StudyFileException>(
            () => MicroStudy.Definition(Rlhf.Replace(", bestOfN: {n: [2, 4], pool: 4}", "", StringComparison.Ordinal))).Message,
        StringComparison.Ordinal);

    private static StudyDefinition Definition(string losses) => MicroStudy.Definition(losses, Rlhf);

    /// <summary>Which step a stored artifact is of, by its record.</summary>
    private sealed record StepRecordText(bool IsSecondHalf, bool IsEvaluation)
    {
        public static StepRecordText Of(string folder)
        {
            string result = File.ReadAllText(Path.Combine(folder, "result.json"));
            return new StepRecordText(
                result.Contains("\"step\":4,", StringComparison.Ordinal),
                Path.GetFileName(folder).StartsWith("measure-", StringComparison.Ordinal));
        }
    }

    private sealed class JsonEquality : IEqualityComparer<StudyDefinition>
    {
        public static JsonEquality Instance { get; } = new();

        public bool Equals(StudyDefinition? x, StudyDefinition? y) =>
            x is not null && y is not null && StudyJson.Write(x) == StudyJson.Write(y);

        public int GetHashCode(StudyDefinition obj) => 0;
    }
}
