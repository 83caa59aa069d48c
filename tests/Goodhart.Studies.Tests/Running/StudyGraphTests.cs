using Goodhart.Alignment.Training;
using Goodhart.Pipeline;
using Goodhart.Steps.Describing;
using Goodhart.Steps.Folders;
using Goodhart.Steps.Rows;
using Goodhart.Steps.Training;
using Goodhart.Studies.Configuration;
using Goodhart.Studies.Results;
using Goodhart.Studies.Running;
using Xunit;

namespace Goodhart.Studies.Tests.Running;

/// <summary>How many steps a study has, and which of them its runs share.</summary>
public sealed class StudyGraphTests
{
    [Theory]
    [InlineData(1, 1)]
    [InlineData(1, 3)]
    [InlineData(2, 2)]
    public void Steps_are_shared_as_far_as_they_are_the_same(int models, int seeds)
    {
        StudyDefinition study = World("align.betas=[0.1, 0.4, 0.8]", "align.checkpoints=[0.25, 0.5, 1.0]");
        study = study with
        {
            Seeds = [.. Enumerable.Range(4, seeds)],
            Models =
            [
                .. Enumerable.Range(0, models).Select(
                    i => ((SizedModel)study.Models[0]) with { Name = $"M{i}", HiddenSize = 48 + (16 * i) }),
            ],
        };
        Plan plan = PlanOf(study);

        int runs = models * seeds * 3 * 3;
        Dictionary<string, int> expected = new()
        {
            ["tokenize-examples"] = 2,
            ["tokenize-pairs"] = 1 + seeds,
            ["tokenize-answered-prompts"] = 1,
            ["create-model"] = models,
            ["sft-segment"] = 2 * models,   // pre-training is one
            ["reference-scores"] = models * (1 + seeds),
            ["preference-segment"] = 3 * runs,
            ["measure-checkpoint"] = (3 * runs) + (models * seeds),
            ["judge-checkpoint"] = (3 * runs) + (models * seeds),
            ["describe-checkpoint"] = (3 * runs) + (models * seeds),
            ["analyse-study"] = 1,
        };
        Assert.Equal(
            expected.OrderBy(kind => kind.Key, StringComparer.Ordinal),
            plan.Steps.CountBy(step => step.Name).OrderBy(kind => kind.Key, StringComparer.Ordinal));
        Assert.All(plan.Steps, step => Assert.Equal(StepState.ToRun, step.State));
        Assert.Equal(plan.Steps.Count, plan.Steps.Select(step => step.Key).Distinct().Count());
    }

    [Fact]
    public void A_further_grid_adds_the_runs_that_are_not_there_yet()
    {
        StudyDefinition study = World(
            "align.losses=[dpo, ipo]", "align.betas=[0.1, 0.4]", "align.also=[{ seeds: [0, 2], losses: [dpo, slic], betas: [0.4] }]");
        string model = study.Models[0].Name;
        Assert.Equal(
            [
                new(model, 0, "dpo", 0.1), new(model, 0, "dpo", 0.4), new(model, 0, "ipo", 0.1), new(model, 0, "ipo", 0.4),
                new(model, 0, "slic", 0.4), new(model, 2, "dpo", 0.4), new StudyCell(model, 2, "slic", 0.4),
            ],
            StudyCell.Of(study));
    }

    [Fact]
    public void One_loss_with_several_numbers_has_a_name_for_each()
    {
        StudyDefinition study = World(
            "align.losses=[dpo, r-dpo]", "align.betas=[0.1]",
            "align.also=[{losses: [r-dpo], parameters: {alpha: 0.05}}, {losses: [r-dpo], parameters: {alpha: 0.05}}, "
                + "{losses: [simpo], betas: [2], parameters: {gamma: 1.2}}]");
        Assert.Equal(["dpo", "r-dpo", "r-dpo(alpha=0.05)", "simpo"], StudyCell.Of(study).Select(cell => cell.Method));
    }

    [Fact]
    public void Every_checkpoint_continues_the_one_before_it()
    {
        DescribeCheckpoint[] checkpoints = Evaluations(
            World("align.checkpoints=[0.25, 0.5, 1.0]", "align.losses=[ipo]", "align.betas=[0.8]"));
        Assert.Null(checkpoints[0].Start);
        PreferenceSegment[] segments = [.. checkpoints.Skip(1).Select(SegmentOf)];
        Assert.Equal([2, 4, 8], segments.Select(segment => segment.End));
        Assert.Equal([null, segments[0].Key, segments[1].Key], segments.Select(segment => segment.Previous?.Key));
        Assert.All(segments, segment => Assert.Equal(8, segment.TotalSteps));

        // More samples where the study looks closest: at the ends.
        Assert.Equal([2, 1, 1, 2], checkpoints.Select(checkpoint => checkpoint.Measured.Sampling.Samples));

        SftSegment sft = (SftSegment)((StoredModel)segments[0].Model).Step;
        Assert.Equal((8, new TokenMean()), (sft.End, sft.Loss));
        SftSegment pretraining = (SftSegment)((StoredModel)sft.Model).Step;
        Assert.Equal((20, new TokenMean { PromptWeight = 0.2 }), (pretraining.End, pretraining.Loss));
        Assert.IsType<CreateModel>(((StoredModel)pretraining.Model).Step);
    }

    [Fact]
    public void A_seed_changes_pairs_and_samples_and_neither_sft_model_nor_held_out_data()
    {
        DescribeCheckpoint[] checkpoints = Evaluations(World("seeds=[0, 3]"));
        PreferenceSegment[] segments = [.. checkpoints.Where(checkpoint => checkpoint.Start is not null).Select(SegmentOf)];
        Assert.Single(segments.Select(segment => ((StoredModel)segment.Model).Step.Key).Distinct());
        Assert.Single(checkpoints.Select(checkpoint => checkpoint.Measured.HeldOut?.Rows.Key).OfType<string>().Distinct());
        Assert.Single(checkpoints.Select(checkpoint => checkpoint.Prompts.Key).Distinct());
        Assert.Equal([0, 3], segments.Select(segment => ((WorldRows)segment.Rows.Source).AlignmentSeed).Distinct());
        Assert.Equal([0UL, 3UL], segments.Select(segment => segment.Seed).Distinct());
        Assert.Equal([0UL, 3UL], checkpoints.Select(checkpoint => checkpoint.Measured.Sampling.Seed).Distinct());
    }

    [Theory]
    [InlineData("pretrain.examples=608", 5)]
    [InlineData("sft.learningRate=3e-4", 7)]
    [InlineData("align.learningRate=3e-4", 13)]
    [InlineData("evaluate.temperature=0.9", 22)]
    [InlineData("keep=none", 62)]
    [InlineData("name=other", 62)]
    public void A_change_renames_what_comes_after_it(string change, int unchanged)
    {
        string[] before = [.. PlanOf(StudyFile.Preset("smoke")).Steps.Select(step => step.Key)];
        string[] after = [.. PlanOf(StudyFile.Preset("smoke", [change])).Steps.Select(step => step.Key)];
        Assert.Equal(62, before.Length);
        Assert.Equal(unchanged, before.Intersect(after).Count());
    }

    [Fact]
    public void Checkpoints_can_be_counted_in_examples()
    {
        // 256 pairs in batches of 32; 70 examples are two whole batches.
        StudyDefinition study = World("align.losses=[ipo]", "align.betas=[0.8]");
        study = study with { Align = study.Align with { Checkpoints = [], CheckpointEvery = 70 } };
        DescribeCheckpoint[] checkpoints = Evaluations(study);
        Assert.Equal([0, 0.25, 0.5, 0.75, 1], checkpoints.Select(checkpoint => checkpoint.Fraction));
        Assert.Equal([0, 2, 4, 6, 8], checkpoints.Select(checkpoint => checkpoint.Update));
    }

    private static StudyDefinition World(params string[] overrides) => StudyFile.Preset("smoke", overrides);

    private static Plan PlanOf(StudyDefinition study)
    {
        using MicroStudy folder = MicroStudy.Empty();
        return folder.Prepare(study).Plan();
    }

    private static DescribeCheckpoint[] Evaluations(StudyDefinition study) =>
        [.. PlanOf(study).Steps.Select(step => step.Step).OfType<AnalyseStudy>().Single().Evaluations.Cast<DescribeCheckpoint>()];

    private static PreferenceSegment SegmentOf(DescribeCheckpoint checkpoint) =>
        (PreferenceSegment)((StoredModel)checkpoint.Measured.Policy).Step;
}
