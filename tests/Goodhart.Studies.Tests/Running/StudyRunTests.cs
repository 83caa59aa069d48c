using Goodhart.Evaluation.Points;
using Goodhart.Pipeline;
using Goodhart.Steps.Describing;
using Goodhart.Steps.Judging;
using Goodhart.Steps.Measuring;
using Goodhart.Studies.Configuration;
using Goodhart.Studies.Reporting;
using Goodhart.Studies.Results;
using Goodhart.Testing;
using Xunit;

namespace Goodhart.Studies.Tests.Running;

/// <summary>A whole study, from nothing to its report, and what a second run of it does.</summary>
public sealed class StudyRunTests(FinishedStudy finished) : IClassFixture<FinishedStudy>
{
    [Fact]
    public void A_run_writes_its_report_and_the_data_behind_it()
    {
        // 5 sets of rows, the model, pre-training, SFT, log-probs of training and held-out pairs, 2 × 2 segments, 5 times 3 steps for a
        // checkpoint, the analysis.
        Assert.Equal(30, finished.Executed.Length);
        Assert.Equal(StudyJson.Write(FinishedStudy.Definition), finished.Study.Read("study.json"));
        StudyResults results = StudyResultsFile.Read(Path.Combine(finished.Study.Folder, "results.json"));
        Assert.Equal("smoke", results.Study.Name);
        Assert.Equal(["", "dpo", "dpo", "slic", "slic"], results.Points.Select(point => point.Loss));
        Assert.Equal([0, 0.5, 1, 0.5, 1], results.Points.Select(point => point.Fraction));
        Assert.Equal([0, 2, 4, 2, 4], results.Points.Select(point => point.Step));
        Assert.Equal(0, results.Points[0].Kl);
        Every.Of(results.Points.Skip(1), point => Assert.InRange(point.Kl, double.Epsilon, 10));
        Assert.All(results.Points, AssertIndicated);
        Assert.Equal(30, results.Cost.Steps.Sum(kind => kind.Count));
        Assert.Equal(5, PointsFile.ReadCheckpoints(Path.Combine(finished.Study.Folder, "points.csv")).Count);
        string page = finished.Study.Read("report.html");
        Assert.Contains("smoke", page, StringComparison.Ordinal);
        Assert.EndsWith("</html>", page.TrimEnd(), StringComparison.Ordinal);
    }

    /// <summary>What indicators are read from, of the SFT model too; margins it has none.</summary>
    private static void AssertIndicated(CheckpointPoint point)
    {
        Assert.InRange(point.Entropy!.Value, 0.5, Math.Log(190));
        Assert.InRange(point.UnseenShare!.Value, 0.01, 1);
        Assert.InRange(point.TopMass!.Value, 5 / 190.0, 1);
        Assert.Equal(point.Loss.Length > 0, point.MarginSpread > 0);
    }

    [Fact]
    public async Task A_second_run_executes_nothing_and_writes_the_same_results()
    {
        using MicroStudy study = finished.Study.Copy();
        Assert.Empty(await study.RunAsync(FinishedStudy.Definition));
        AssertSame(finished.Study, study);
    }

    [Fact]
    public async Task Results_that_were_deleted_are_written_again_without_running_a_step()
    {
        using MicroStudy study = finished.Study.Copy();
        File.Delete(Path.Combine(study.Folder, "points.csv"));
        File.Delete(Path.Combine(study.Folder, "results.json"));
        File.Delete(Path.Combine(study.Folder, "report.html"));
        Assert.Empty(await study.RunAsync(FinishedStudy.Definition));
        AssertSame(finished.Study, study);
        Assert.NotEmpty(study.Read("report.html"));
    }

    [Fact]
    public async Task A_deleted_evaluation_is_made_again_alone_and_with_the_same_bits()
    {
        using MicroStudy study = finished.Study.Copy();
        PlannedStep evaluation = finished.Steps.First(step => step.Step is MeasureCheckpoint { Start: not null });
        Directory.Delete(study.FolderOf(evaluation), recursive: true);

        // The analysis that reads it is stored: nothing asks for the evaluation.
        Assert.Empty(await study.RunAsync(FinishedStudy.Definition));
        Assert.False(Directory.Exists(study.FolderOf(evaluation)));

        Directory.Delete(study.FolderOf(finished.Steps.Single(step => step.Step is AnalyseStudy)), recursive: true);
        Directory.Delete(
            study.FolderOf(finished.Steps.Single(step => step.Step is JudgeCheckpoint judge && judge.Measured.Key == evaluation.Step.Key)),
            recursive: true);
        Directory.Delete(
            study.FolderOf(
                finished.Steps.Single(step => step.Step is DescribeCheckpoint point && point.Measured.Key == evaluation.Step.Key)),
            recursive: true);
        Assert.Equal(
            ["measure-checkpoint", "judge-checkpoint", "describe-checkpoint", "analyse-study"],
            await study.RunAsync(FinishedStudy.Definition));
        AssertSame(finished.Study, study);
        Assert.Equal(finished.Study.Artifacts(), study.Artifacts());
    }

    [Fact]
    public async Task Another_beta_runs_only_what_is_its_own()
    {
        using MicroStudy study = finished.Study.Copy();
        string[] executed = await study.RunAsync(MicroStudy.Definition("align.betas=[0.1, 0.4]"));
        Assert.Equal(4, executed.Count(name => name == "preference-segment"));
        Assert.Equal(4, executed.Count(name => name == "measure-checkpoint"));
        Assert.Equal("analyse-study", executed[^1]);
        Assert.Equal(17, executed.Length);
        Assert.Empty(finished.Study.Artifacts().Except(study.Artifacts()));

        StudyResults before = StudyResultsFile.Read(Path.Combine(finished.Study.Folder, "results.json"));
        StudyResults after = StudyResultsFile.Read(Path.Combine(study.Folder, "results.json"));
        Assert.Equal(9, after.Points.Count);
        Assert.Equal(before.Points, after.Points.Where(point => point.Beta is null or 0.1));
    }

    [Fact]
    public async Task Cutting_a_run_into_segments_changes_no_bit_of_its_end()
    {
        using MicroStudy study = MicroStudy.Empty();
        await study.RunAsync(MicroStudy.Definition("align.checkpoints=[1.0]"));
        Assert.Equal(
            finished.Study.Read("points.csv").Split('\n').Where(line => !line.Contains(",0.5,", StringComparison.Ordinal)),
            study.Read("points.csv").Split('\n'));
    }

    [Theory]
    [InlineData(5)]
    [InlineData(8)]
    [InlineData(14)]
    public async Task A_cancelled_run_resumes_to_the_same_bytes(int cancelledAt)
    {
        using MicroStudy study = MicroStudy.Empty();
        using CancellationTokenSource cancel = new();
        StartedSteps started = new(cancelledAt, cancel.Cancel);
        await Assert.ThrowsAnyAsync<OperationCanceledException>(
            () => study.Prepare(FinishedStudy.Definition, observer: started).RunAsync(cancel.Token));
        Assert.Equal(cancelledAt, started.Names.Count);
        Assert.False(File.Exists(Path.Combine(study.Folder, "points.csv")));

        string[] executed = await study.RunAsync(FinishedStudy.Definition);
        Assert.Equal(30 - (cancelledAt - 1), executed.Length);
        AssertSame(finished.Study, study);
        Assert.Equal(finished.Study.Artifacts(), study.Artifacts());
    }

    [Fact]
    public async Task Workers_and_threads_change_no_bit()
    {
        using MicroStudy study = MicroStudy.Empty();
        Assert.Equal(30, (await study.RunAsync(FinishedStudy.Definition, workers: 2, threads: 4)).Length);
        AssertSame(finished.Study, study);
        Assert.Equal(finished.Study.Artifacts(), study.Artifacts());
    }

    [Fact]
    public async Task Another_alignment_seed_shares_the_sft_model()
    {
        using MicroStudy study = finished.Study.Copy();
        string[] executed = await study.RunAsync(MicroStudy.Definition("seeds=[0, 3]"));
        Assert.DoesNotContain("sft-segment", executed);
        Assert.Equal(1, executed.Count(name => name == "reference-scores"));
        Assert.Equal((4, 5), (executed.Count(name => name == "preference-segment"), executed.Count(name => name == "measure-checkpoint")));

        CheckpointPoint[] points = [.. StudyResultsFile.Read(Path.Combine(study.Folder, "results.json")).Points];
        foreach (CheckpointPoint first in points.Where(point => point.Seed == 0 && point.Fraction > 0))
        {
            CheckpointPoint other = points.Single(
                point => point.Seed == 3 && point.Loss == first.Loss && point.Fraction == first.Fraction);
            Assert.NotEqual(first.Kl, other.Kl);
        }
    }

    [Fact]
    public void The_event_log_tells_what_ran()
    {
        IReadOnlyList<RunEvent> events = EventLog.Read(Path.Combine(finished.Study.Folder, "events.jsonl"));
        Assert.Equal(finished.Executed, events.Where(entry => entry.Kind == RunEventKind.StepFinished).Select(entry => entry.Step));
        Assert.Equal("done", events[^1].Text);
    }

    private static void AssertSame(MicroStudy expected, MicroStudy actual)
    {
        Assert.Equal(expected.Read("points.csv"), actual.Read("points.csv"));
        Assert.Equal(expected.ResultsWithoutCost(), actual.ResultsWithoutCost());
    }
}
