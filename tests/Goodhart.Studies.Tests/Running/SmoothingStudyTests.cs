using System.Text.Json.Nodes;
using Goodhart.Evaluation.Rewards;
using Goodhart.Pipeline;
using Goodhart.Steps.Filtering;
using Goodhart.Steps.Rows;
using Goodhart.Steps.Training;
using Goodhart.Studies.Configuration;
using Goodhart.Studies.Reporting;
using Goodhart.Studies.Results;
using Goodhart.Worlds;
using Xunit;

namespace Goodhart.Studies.Tests.Running;

/// <summary>Label smoothing by an estimated share of flipped labels.</summary>
public sealed class SmoothingStudyTests
{
    /// <summary>The estimator's model is the world's annotators, and its margins are their rewards.</summary>
    [Theory]
    [InlineData(0.0)]
    [InlineData(0.1)]
    [InlineData(0.25)]
    public void The_noise_of_a_worlds_labeller_is_found(double noise)
    {
        WorldRows rows = new(WorldSet.Preferences, 3, 3000)
        {
            Labeller = new PreferenceSampler { Noise = noise, LengthBias = 0 },
        };
        LabelNoise found = LabelNoise.Of([.. rows.Pairs().Select(pair => pair.ChosenGold.Reward - pair.RejectedGold.Reward)]);
        Assert.True(found.IsDetermined);
        Assert.InRange(found.StandardError!.Value, 0.001, 0.05);
        Assert.InRange(found.Rate, noise - (2.5 * found.StandardError.Value), noise + (2.5 * found.StandardError.Value));
        Assert.InRange(found.Scale * rows.Labeller.Temperature, 0.6, 1.7);
    }

    [Fact]
    public async Task The_loss_takes_what_the_margins_show_and_says_so()
    {
        using MicroStudy study = MicroStudy.Empty();
        StudyDefinition definition = MicroStudy.Definition(
            "align.losses=[cdpo]", RlhfStudyTests.Rlhf, "labeller={noise: 0.25}",
            "align.remedies=[smoothing-cross-fit, smoothing-reward]");
        string[] executed = await study.RunAsync(definition);
        Assert.Equal(2, executed.Count(name => name == "estimate-noise"));
        StudyResults results = StudyResultsFile.Read(Path.Combine(study.Folder, "results.json"));
        Assert.Equal(["", "smoothing-cross-fit", "smoothing-reward"], results.Remedies.Select(row => row.Remedies));

        // An epoch more is trained, and both models' scores of all pairs are taken once more.
        Assert.Equal(9 / 4.0, results.Remedies[1].Flops!.Value / results.Remedies[0].Flops!.Value, 1e-9);
        Plan plan = study.Prepare(definition).Plan();
        foreach (PlannedStep step in plan.Steps.Where(step => step.Step is PreferenceSegment { Smoothing: not null }))
        {
            EstimateNoise estimate = (EstimateNoise)((PreferenceSegment)step.Step).Smoothing!;
            JsonNode noise = Result(estimate);
            double used = (bool)noise["isDetermined"]! ? Math.Min(0.45, (double)noise["rate"]!) : 0;
            Assert.All(
                Result(step.Step)["log"]!.AsArray(), line => Assert.Equal(used, (double)line!["values"]!["remedy/noise"]!, 1e-12));
            Assert.Contains("estimated smoothing", step.Step.Label, StringComparison.Ordinal);
        }

        JsonNode Result(Step step) => JsonNode.Parse(
            File.ReadAllText(Path.Combine(study.FolderOf(plan.Steps.Single(made => made.Step.Key == step.Key)), "result.json")))!;
    }

    [Theory]
    [InlineData("dpo", "smoothing-cross-fit", "dpo takes none: choose cdpo or robust-dpo")]
    [InlineData("robust-dpo", "smoothing-reward", "smoothing-reward needs the key 'rlhf'")]
    [InlineData("cdpo", "smoothing-reward+smoothing-cross-fit", "expected one remedy for the label smoothing")]
    public void An_estimate_that_nothing_can_take_is_told_before_anything_runs(string loss, string remedy, string message)
    {
        using MicroStudy study = MicroStudy.Empty();
        StudyFileException fault = Assert.Throws<StudyFileException>(
            () => study.Prepare(MicroStudy.Definition($"align.losses=[{loss}]", $"align.remedies=[\"{remedy}\"]")));
        Assert.Contains(message, fault.Message, StringComparison.Ordinal);
    }
}
