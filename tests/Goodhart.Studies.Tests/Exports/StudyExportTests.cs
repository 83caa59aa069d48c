using System.Globalization;
using System.Text.Json.Nodes;
using Goodhart.Studies.Exports;
using Goodhart.Studies.Tests.Running;
using Xunit;

namespace Goodhart.Studies.Tests.Exports;

/// <summary>A finished study, written to trackers of experiments.</summary>
public sealed class StudyExportTests(FinishedStudy finished) : IClassFixture<FinishedStudy>
{
    private static readonly string[] RunIds = ["S dpo beta=0.1 seed=0", "S sft seed=0", "S slic beta=0.1 seed=0"];

    [Fact]
    public void Runs_have_their_settings_curves_and_checkpoints()
    {
        ExportedFolder read = StudyExport.Read(finished.Study.Folder);
        Assert.Equal(("smoke", 0), (read.Name, read.NotFinite));
        Assert.Equal(RunIds, read.Runs.Select(run => run.Id));
        ExportedRun dpo = read.Runs[0];
        Assert.True(dpo.IsDone);
        Assert.Equal(("dpo", "0.1", "S", "0"), (dpo.Settings["loss"], dpo.Settings["beta"], dpo.Settings["model"], dpo.Settings["seed"]));
        Assert.Equal([1, 2, 3, 4], dpo.Training.Select(row => row.Step));
        Assert.True(dpo.Training.Zip(dpo.Training.Skip(1)).All(pair => pair.First.Time < pair.Second.Time));
        Assert.Equal([2, 4], dpo.Checkpoints.Select(row => row.Step));

        // The same numbers as in points.csv.
        string[] header = finished.Study.Read("points.csv").Split('\n')[0].Split(',');
        string[] last = finished.Study.Read("points.csv").Split('\n').Select(line => line.Split(',')).Last(row => row[0] == "dpo");
        foreach (string column in (string[])["kl", "winRate", "winRateSe", "length", "margin"])
        {
            double expected = double.Parse(last[Array.IndexOf(header, column)], CultureInfo.InvariantCulture);
            Assert.Equal(expected, dpo.Checkpoints[^1].Metrics["eval/" + column]);
        }

        Assert.All(dpo.Training, row => Assert.Contains("train/rewards/accuracies", row.Metrics.Keys));
    }

    [Fact]
    public async Task Mlflow_gets_every_number_once_however_often_it_is_told()
    {
        await using MlflowStandIn tracker = new(failsAt: 6);
        ExportedFolder read = StudyExport.Read(finished.Study.Folder);
        int written = await ExportAsync(tracker, read);
        Assert.Equal("over-optimization", tracker.Experiment);
        Assert.Equal([.. RunIds.Prepend("smoke")], tracker.Runs.Select(run => run.Name));
        Assert.All(tracker.Runs, run => Assert.Equal("FINISHED", run.Status));
        Assert.All(tracker.Runs.Skip(1), run => Assert.Equal(tracker.Runs[0].Id, run.Tags["mlflow.parentRunId"]));
        RequireWhole(tracker, read);
        Assert.Equal(tracker.Runs.Sum(run => run.Metrics.Count), written);
        Assert.Equal("0.1", tracker.Runs[1].Params["beta"]);

        Assert.Equal(0, await ExportAsync(tracker, read));
        RequireWhole(tracker, read);
    }

    [Theory]
    [InlineData(5)]
    [InlineData(6)]
    [InlineData(7)]
    [InlineData(9)]
    [InlineData(11)]
    public async Task An_export_that_was_cut_off_goes_on(int request)
    {
        await using MlflowStandIn tracker = new(diesAt: request);
        ExportedFolder read = StudyExport.Read(finished.Study.Folder);
        TrackingException error = await Assert.ThrowsAsync<TrackingException>(() => ExportAsync(tracker, read));
        Assert.Contains("failed 4 times, at last with: 500", error.Message, StringComparison.Ordinal);
        tracker.IsMended = true;
        await ExportAsync(tracker, read);
        RequireWhole(tracker, read);
        Assert.All(tracker.Runs, run => Assert.Equal("FINISHED", run.Status));
    }

    /// <summary>A second run would be there for good.</summary>
    [Theory]
    [InlineData("runs/create")]
    [InlineData("experiments/create")]
    [InlineData("runs/update")]
    public async Task What_was_done_and_not_answered_is_not_done_twice(string verb)
    {
        await using MlflowStandIn tracker = new(losesAnswersOf: verb);
        ExportedFolder read = StudyExport.Read(finished.Study.Folder);
        await ExportAsync(tracker, read);
        Assert.Equal([.. RunIds.Prepend("smoke")], tracker.Runs.Select(run => run.Name));
        RequireWhole(tracker, read);
        Assert.All(tracker.Runs.Skip(1), run => Assert.Equal(tracker.Runs[0].Id, run.Tags["mlflow.parentRunId"]));
    }

    [Fact]
    public async Task Long_runs_go_in_batches_that_the_server_takes_and_running_ones_stay_open()
    {
        ExportedRow[] rows =
        [
            .. Enumerable.Range(1, 700).Select(step => new ExportedRow(
                step, DateTimeOffset.UnixEpoch.AddSeconds(step), new Dictionary<string, double> { ["train/loss"] = step, ["train/nll"] = 1 })),
        ];
        ExportedFolder folder = new("long", "long-1", [new ExportedRun("one", new Dictionary<string, string>(), rows, [], IsDone: false)], 0);
        await using MlflowStandIn tracker = new();
        Assert.Equal(1400, await ExportAsync(tracker, folder));
        Assert.All(tracker.Runs, run => Assert.Equal("RUNNING", run.Status));
        RequireWhole(tracker, folder);
    }

    [Fact]
    public void Json_lines_have_a_line_per_step()
    {
        string place = Path.Combine(finished.Study.Folder, "..", $"tracked-{Guid.NewGuid():N}");
        try
        {
            ExportedFolder read = StudyExport.Read(finished.Study.Folder);
            JsonLinesExport.Write(read, place);
            string own = Path.Combine(place, "S_dpo_beta=0.1_seed=0");
            JsonNode[] lines = [.. File.ReadAllLines(Path.Combine(own, "history.jsonl")).Select(line => JsonNode.Parse(line)!)];
            Assert.Equal([1, 2, 3, 4], lines.Select(line => (int)line["_step"]!));
            Assert.Equal(read.Runs[0].Checkpoints[0].Metrics["eval/kl"], (double)lines[1]["eval/kl"]!);
            Assert.Null(lines[0]["eval/kl"]);
            Assert.Equal("dpo", (string?)JsonNode.Parse(File.ReadAllText(Path.Combine(own, "config.json")))!["config"]!["loss"]);
            Assert.Equal(3, Directory.GetDirectories(place).Length);
        }
        finally
        {
            Directory.Delete(place, recursive: true);
        }
    }

    private static async Task<int> ExportAsync(MlflowStandIn tracker, ExportedFolder read)
    {
        using MlflowServer server = new(tracker.Address, (_, _) => Task.CompletedTask);
        MlflowExport export = new(server, "over-optimization");
        Assert.Equal("7", await export.WriteAsync(read, CancellationToken.None));
        return export.Written;
    }

    private static void RequireWhole(MlflowStandIn tracker, ExportedFolder read)
    {
        foreach (ExportedRun run in read.Runs)
        {
            TrackedRun tracked = tracker.Runs.Single(tracked => tracked.Name == run.Id);
            IEnumerable<(string, int, double)> expected = run.Training.Concat(run.Checkpoints)
                .SelectMany(row => row.Metrics.Select(metric => (metric.Key, row.Step, metric.Value)));
            Assert.Equal(expected.Order(), tracked.Metrics.Order());
            Assert.DoesNotContain(tracked.Times, time => time < 0);
            Assert.Equal(run.Settings.OrderBy(entry => entry.Key), tracked.Params.OrderBy(entry => entry.Key));
        }
    }
}
