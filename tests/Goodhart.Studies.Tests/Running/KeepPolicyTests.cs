using Goodhart.Pipeline;
using Goodhart.Steps.Describing;
using Goodhart.Steps.Folders;
using Goodhart.Steps.Judging;
using Goodhart.Steps.Measuring;
using Goodhart.Steps.Training;
using Goodhart.Studies.Configuration;
using Goodhart.Studies.Results;
using Goodhart.Testing;
using Xunit;

namespace Goodhart.Studies.Tests.Running;

/// <summary>What stays on disk of a finished study.</summary>
public sealed class KeepPolicyTests
{
    /// <summary>Per policy: is there a model and an optimizer state at the first checkpoint, and at the last one?</summary>
    [Theory]
    [InlineData("all", "model optimizer", "model optimizer")]
    [InlineData("weights", "model", "model optimizer")]
    [InlineData("final", "", "model")]
    [InlineData("none", "", "")]
    public async Task A_policy_keeps_what_it_says(string keep, string atHalf, string atEnd)
    {
        StudyDefinition definition = Definition(keep);
        using MicroStudy study = MicroStudy.Empty();
        Assert.Equal(22, (await study.RunAsync(definition)).Length);
        PlannedStep[] steps = [.. study.Prepare(definition).Plan().Steps];
        Assert.Equal(atHalf, Kept(study, steps.Single(step => step.Step is PreferenceSegment { End: 2 })));
        Assert.Equal(atEnd, Kept(study, steps.Single(step => step.Step is PreferenceSegment { End: 4 })));
        Assert.StartsWith("model", Kept(study, steps.Single(step => IsSft(step))), StringComparison.Ordinal);
        Every.Of(
            steps.Where(step => step.Step is CreateModel || (step.Step is SftSegment && !IsSft(step))),
            step => Assert.Equal("", Kept(study, step)));

        // Whatever went, everything counts as done.
        Assert.Empty(await study.RunAsync(definition));
    }

    [Fact]
    public async Task Weights_that_were_deleted_are_made_again_to_the_same_bits()
    {
        StudyDefinition definition = Definition("none");
        using MicroStudy study = MicroStudy.Empty();
        await study.RunAsync(definition);
        string[] artifacts = study.Artifacts();
        string points = study.Read("points.csv");

        PlannedStep[] steps = [.. study.Prepare(definition).Plan().Steps];
        Directory.Delete(
            study.FolderOf(
                steps.Single(step => step.Step is MeasureCheckpoint { Policy: StoredModel { Step: PreferenceSegment { End: 4 } } })),
            recursive: true);
        Directory.Delete(study.FolderOf(steps.Last(step => step.Step is JudgeCheckpoint)), recursive: true);
        Directory.Delete(study.FolderOf(steps.Last(step => step.Step is DescribeCheckpoint)), recursive: true);
        Directory.Delete(study.FolderOf(steps.Single(step => step.Step is AnalyseStudy)), recursive: true);
        Assert.Equal(
            ["preference-segment", "preference-segment", "measure-checkpoint", "judge-checkpoint", "describe-checkpoint", "analyse-study"],
            await study.RunAsync(definition));
        Assert.Equal(artifacts, study.Artifacts());
        Assert.Equal(points, study.Read("points.csv"));
    }

    [Fact]
    public async Task The_policy_is_no_part_of_the_results()
    {
        using MicroStudy study = MicroStudy.Empty();
        await study.RunAsync(Definition("all"));
        string results = study.ResultsWithoutCost();

        // A stricter policy on a finished study only deletes.
        Assert.Empty(await study.RunAsync(Definition("none")));
        Assert.Equal(results, study.ResultsWithoutCost());
        PlannedStep[] steps = [.. study.Prepare(Definition("none")).Plan().Steps];
        Every.Of(steps.Where(step => step.Step is PreferenceSegment), step => Assert.Equal("", Kept(study, step)));
    }

    private static StudyDefinition Definition(string keep) => MicroStudy.Definition("align.losses=[dpo]", $"keep={keep}");

    private static bool IsSft(PlannedStep step) => step.Step is SftSegment { Loss.TrainsPrompt: false };

    private static string Kept(MicroStudy study, PlannedStep step)
    {
        string folder = study.FolderOf(step);
        string[] found =
        [
            .. File.Exists(Path.Combine(folder, "model", "model.safetensors")) ? ["model"] : (string[])[],
            .. File.Exists(Path.Combine(folder, "optimizer.safetensors")) ? ["optimizer"] : (string[])[],
        ];
        return string.Join(' ', found);
    }
}
