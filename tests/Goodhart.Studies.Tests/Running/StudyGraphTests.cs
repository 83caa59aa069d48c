using Goodhart.Pipeline;
using Goodhart.Studies.Configuration;
using Goodhart.Studies.Running;
using Goodhart.Studies.Steps;
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
        WorldStudy study = World("align.betas=[0.1, 0.4, 0.8]", "align.checkpoints=[0.25, 0.5, 1.0]");
        study = study with
        {
            Seeds = [.. Enumerable.Range(4, seeds)],
            Models = [.. Enumerable.Range(0, models).Select(i => study.Models[0] with { Name = $"M{i}", HiddenSize = 48 + (16 * i) })],
        };
        Plan plan = PlanOf(study);

        int runs = models * seeds * 3 * 3;
        Dictionary<string, int> expected = new()
        {
            // 20 updates in five parts.
            ["pretrain-segment"] = 5 * models,
            ["sft-model"] = models,
            ["reference-log-probs"] = models * (1 + seeds),
            ["align-segment"] = 3 * runs,
            ["evaluate-checkpoint"] = (3 * runs) + (models * seeds),
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
        WorldStudy study = World(
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
    public void Every_checkpoint_continues_the_one_before_it()
    {
        WorldGraph graph = new(World("align.checkpoints=[0.25, 0.5, 1.0]", "align.losses=[ipo]", "align.betas=[0.8]"));
        Assert.Null(Evaluations(graph)[0].Policy);
        AlignSegment[] segments = [.. Evaluations(graph).Skip(1).Select(evaluation => (AlignSegment)evaluation.Policy!)];
        Assert.Equal([2, 4, 8], segments.Select(segment => segment.End));
        Assert.Equal([null, segments[0], segments[1]], segments.Select(segment => segment.Previous));
        Assert.All(segments, segment => Assert.Equal(8, segment.TotalSteps));

        // More samples where the study looks closest: at the ends.
        Assert.Equal([2, 1, 1, 2], Evaluations(graph).Select(evaluation => evaluation.SamplesPerPrompt));
        PretrainSegment? part = segments[0].Sft.Base;
        List<int> ends = [];
        for (; part is not null; part = part.Previous)
        {
            ends.Add(part.End);
        }

        Assert.Equal([20, 16, 12, 8, 4], ends);
    }

    [Fact]
    public void A_seed_changes_pairs_and_samples_and_neither_sft_model_nor_held_out_data()
    {
        WorldGraph graph = new(World("seeds=[0, 3]"));
        Assert.Single(Evaluations(graph).Select(evaluation => evaluation.Reference).Distinct());
        Assert.Single(Evaluations(graph).Select(evaluation => evaluation.HeldOut).Distinct());
        Assert.Equal(
            [0, 3],
            Evaluations(graph).Select(evaluation => (evaluation.Policy as AlignSegment)?.Reference.Pairs.AlignmentSeed).OfType<int>().Distinct());
        Assert.All(Evaluations(graph), evaluation => Assert.Equal(
            evaluation.AlignmentSeed, (evaluation.Policy as AlignSegment)?.Reference.Pairs.AlignmentSeed ?? evaluation.AlignmentSeed));
    }

    [Theory]
    [InlineData("pretrain.examples=608", 0)]
    [InlineData("sft.learningRate=3e-4", 5)]
    [InlineData("align.learningRate=3e-4", 9)]
    [InlineData("evaluate.temperature=0.9", 20)]
    [InlineData("keep=none", 34)]
    [InlineData("name=other", 34)]
    public void A_change_renames_what_comes_after_it(string change, int unchanged)
    {
        string[] before = [.. PlanOf(StudyFile.Preset("smoke")).Steps.Select(step => step.Key)];
        string[] after = [.. PlanOf(StudyFile.Preset("smoke", [change])).Steps.Select(step => step.Key)];
        Assert.Equal(34, before.Length);
        Assert.Equal(unchanged, before.Intersect(after).Count());
    }

    [Fact]
    public void Checkpoints_can_be_counted_in_examples()
    {
        // 256 pairs in batches of 32; 70 examples are two whole batches.
        WorldStudy study = World("align.losses=[ipo]", "align.betas=[0.8]");
        study = study with { Align = study.Align with { Checkpoints = [], CheckpointEvery = 70 } };
        WorldGraph graph = new(study);
        Assert.Equal([0.25, 0.5, 0.75, 1], graph.Checkpoints);
        Assert.Equal([2, 4, 6, 8], Evaluations(graph).Skip(1).Select(evaluation => evaluation.Policy!.End));
    }

    private static WorldStudy World(params string[] overrides) => (WorldStudy)StudyFile.Preset("smoke", overrides);

    private static Plan PlanOf(StudyDefinition study)
    {
        using MicroStudy folder = MicroStudy.Empty();
        return folder.Prepare(study).Plan();
    }

    private static EvaluateCheckpoint[] Evaluations(WorldGraph graph) => [.. graph.Evaluations.Cast<EvaluateCheckpoint>()];
}
