using System.Text.Json.Nodes;
using Goodhart.Evaluation.Points;
using Goodhart.Pipeline;
using Goodhart.Steps.Describing;
using Goodhart.Steps.Folders;
using Goodhart.Steps.Measuring;
using Goodhart.Steps.Planning;
using Goodhart.Steps.Rows;
using Goodhart.Steps.Runs;
using Goodhart.Steps.Training;
using Goodhart.Studies.Configuration;
using Goodhart.Studies.Running;
using Goodhart.Testing;
using Xunit;

namespace Goodhart.Studies.Tests.Running;

/// <summary>A study of one's own model and data, end to end on a model of no use.</summary>
public sealed class DataStudyTests(DataFiles files) : IClassFixture<DataFiles>
{
    [Fact]
    public async Task A_study_of_ones_own_model_and_data_is_a_study_like_any_other()
    {
        using MicroStudy study = MicroStudy.Empty();
        string[] executed = await study.RunAsync(files.Study());
        Dictionary<string, int> expected = new()
        {
            ["tokenize-pairs"] = 2,
            ["tokenize-held-out-prompts"] = 1,
            ["tokenize-examples"] = 1,
            ["sft-segment"] = 1,
            ["reference-scores"] = 2,
            ["preference-segment"] = 4,
            ["measure-checkpoint"] = 5,
            ["describe-checkpoint"] = 5,
            ["analyse-study"] = 1,
        };
        Assert.Equal(
            expected.OrderBy(kind => kind.Key, StringComparer.Ordinal),
            executed.CountBy(name => name).OrderBy(kind => kind.Key, StringComparer.Ordinal));

        IReadOnlyList<CheckpointPoint> points = PointsFile.ReadCheckpoints(Path.Combine(study.Folder, "points.csv"));
        Assert.Equal(["", "dpo", "dpo", "slic", "slic"], points.Select(point => point.Loss));
        Assert.Equal([0, 0.5, 1, 0.5, 1], points.Select(point => point.Fraction));
        Assert.Equal([0, 2, 4, 2, 4], points.Select(point => point.Step));
        Assert.Equal((0.0, 0.0), (points[0].Kl, points[0].KlK1!.Value));
        Every.Of(
            points.Skip(1), point => Assert.True(point.Kl > 0 && point.KlSe > 0 && point.LossValue > 0 && point.ForwardKlSampledSe > 0));
        Assert.All(points, point => Assert.Null(point.WinRate));
        Assert.All(points, point => Assert.True(point.LogProbChosen < 0 && point.LogProbSamples < 0 && point.LogProbData < 0));

        // The policy's own measures of a run's end are the run's.
        string[] rows = File.ReadAllLines(Path.Combine(study.Folder, "responses.csv"));
        Assert.Equal(6, rows.Length);
        string[] last = rows[^1].Split(',');
        Assert.Equal(["tiny", "slic", "0.1", "0", "1", "4"], last[..6]);
        JsonNode[] responses = [.. File.ReadLines(Path.Combine(study.Folder, last[6])).Select(line => JsonNode.Parse(line)!)];
        Assert.Equal(4 * 2, responses.Length);
        Assert.Equal(points[^1].Kl, responses.Average(response => (double)response["kl"]!), 6);
    }

    [Fact]
    public async Task Without_a_judge_the_report_says_so_and_leaves_win_rates_out()
    {
        using MicroStudy study = MicroStudy.Empty();
        await study.RunAsync(files.Study("sft=none", "data={preferences: " + files.Preferences + ", heldOut: " + files.HeldOut
            + ", columns: {chosen: human, rejected: model}, prompt: {maxTokens: 96, truncate: newline}}"));
        JsonNode results = JsonNode.Parse(study.Read("results.json"))!;
        Assert.Empty(results["fits"]!.AsArray());
        Assert.All(results["points"]!.AsArray(), point => Assert.Null(point!["winRate"]));
        Assert.Contains("No judge decides wins", results["study"]!["notRun"]!.ToJsonString(), StringComparison.Ordinal);
        Assert.Contains("train.jsonl", results["study"]!["notRun"]!.ToJsonString(), StringComparison.Ordinal);
        string report = study.Read("report.html");
        Assert.Contains("No judge decides wins", report, StringComparison.Ordinal);
        Assert.DoesNotContain("Figure 1.", report, StringComparison.Ordinal);
        Assert.Contains("√KL during the epoch", report, StringComparison.Ordinal);
        Assert.Equal(
            "none",
            Path.GetFileName(Directory.EnumerateDirectories(Path.Combine(study.Folder, "steps"), "sft-*").FirstOrDefault() ?? "none"));
    }

    [Fact]
    public async Task Running_again_runs_nothing_and_resuming_gives_the_same_bytes()
    {
        StudyDefinition definition = files.Study("align.losses=[dpo]");
        using MicroStudy study = MicroStudy.Empty();
        await study.RunAsync(definition, workers: 2, threads: 2);
        (string[] artifacts, string results, string points) = (study.Artifacts(), study.ResultsWithoutCost(), study.Read("points.csv"));
        Assert.Empty(await study.RunAsync(definition));
        Assert.Equal(results, study.ResultsWithoutCost());

        // As after a kill: the last checkpoint, its measures and all after them are gone; so is a tokenised file.
        PlannedStep[] steps = [.. study.Prepare(definition).Plan().Steps];
        foreach (PlannedStep step in steps.Where(step => step.Step
            is PreferenceSegment { End: 4 } or MeasureCheckpoint { Policy: StoredModel { Step: PreferenceSegment { End: 4 } } }
            or DescribeCheckpoint
            || step.Name is "analyse-study" or "tokenize-held-out-prompts"))
        {
            Directory.Delete(study.FolderOf(step), recursive: true);
        }

        string[] again = await study.RunAsync(definition);
        Assert.Contains("preference-segment", again);
        Assert.Equal(artifacts, study.Artifacts());
        Assert.Equal((results, points), (study.ResultsWithoutCost(), study.Read("points.csv")));
    }

    [Fact]
    public async Task A_run_of_a_study_is_the_run_of_the_align_command()
    {
        StudyDefinition definition = files.Study("align.losses=[dpo]", "seeds=[5]", "seed=2");
        using MicroStudy study = MicroStudy.Empty();
        await study.RunAsync(definition);
        PlannedStep[] steps = [.. study.Prepare(definition).Plan().Steps];
        string FolderOf(Func<Step, bool> wanted) => Path.Combine(study.FolderOf(steps.Single(step => wanted(step.Step))), "model");

        using MicroStudy alone = MicroStudy.Empty();
        PreferenceSegment segment = (PreferenceSegment)steps.Single(step => step.Step is PreferenceSegment { End: 4 }).Step;
        FileRows rows = (FileRows)segment.Rows.Source;
        string sft = FolderOf(step => step is SftSegment);
        TrainingResult run = await AlignStage.RunAsync(
            new AlignSettings(
                new TrainingSettings(
                    sft, files.Preferences,
                    new StageData(rows.Reading, rows.Budget, rows.Truncation),
                    segment.Recipe, 1, new CheckpointPlan([1.0], 1000), 7),
                segment.Loss, sft, null),
            new StageEnvironment
            {
                Directory = alone.Folder,
                Threads = 1,
                CreateDevice = threads => new Goodhart.Engine.Cpu.CpuDevice(threads),
                Version = "test",
                Note = null,
            },
            CancellationToken.None);
        Assert.Equal(
            File.ReadAllBytes(Path.Combine(FolderOf(step => step is PreferenceSegment { End: 4 }), "model.safetensors")),
            File.ReadAllBytes(Path.Combine(run.Model, "model.safetensors")));
    }

    [Fact]
    public void A_plan_counts_without_storing_anything()
    {
        using MicroStudy study = MicroStudy.Empty();
        StudyRun run = study.Prepare(files.Study("align.checkpoints=[1]", "seeds=[0, 1]", "align.also=[{ losses: [ipo], seeds: [1] }]"));
        Plan plan = run.Plan();
        Assert.Empty(Directory.GetFileSystemEntries(study.Folder));
        Assert.Equal(5, plan.Steps.Count(step => step.Step is PreferenceSegment));
        Assert.Equal(7, plan.Steps.Count(step => step.Step is MeasureCheckpoint));
        Assert.True(plan.CostToRun > 1e6 && plan.BytesToWrite > 1e6);
        Assert.True(run.Memory.Fits);
    }

    [Theory]
    [InlineData("data.preferences=nowhere.jsonl", "--set data.preferences=nowhere.jsonl: data.preferences: no file nowhere.jsonl. Put "
        + "preference pairs")]
    [InlineData("models[0].from=nowhere", "--set models[0].from=nowhere: models[0].from: no folder nowhere. Put a Hugging Face model "
        + "folder there")]
    public void A_missing_file_is_told_with_its_place(string setting, string message) =>
        Assert.StartsWith(message, Assert.Throws<StudyFileException>(() => Prepare(setting)).Message, StringComparison.Ordinal);

    [Theory]
    [InlineData("evaluate.maxNewTokens=100", "has 128 positions; prompts of up to 95 tokens and 100 new ones need 195")]
    [InlineData("data.prompt.maxTokens=500", "exceeds the model's 128 positions")]
    public void What_does_not_fit_the_model_is_refused(string setting, string message) =>
        Assert.Contains(message, Assert.Throws<InvalidDataException>(() => Prepare(setting)).Message, StringComparison.Ordinal);

    [Theory]
    [InlineData("align.batchSize=17", "fewer than align.batchSize 17")]
    [InlineData("evaluate.prompts=9", "expected at least 9 different prompts in pairs, found 8")]
    [InlineData("align.pairs=17", "expected at least 17 pairs, found 16")]
    public void Too_few_rows_are_refused(string setting, string message) => Assert.Contains(
        message, Assert.Throws<InvalidDataException>(() => Prepare(setting).Plan()).Message, StringComparison.Ordinal);

    [Fact]
    public void A_machine_that_is_too_small_is_told_the_figures()
    {
        MemoryNeed need = new(50_000_000_000, 2, 64_000_000_000);
        string message = Assert.Throws<InvalidDataException>(need.Require).Message;
        Assert.Equal(
            "memory: about 50.0 GB for the largest step, 100.3 GB for 2 side by side; this machine has 64.0 GB: too little. Use smaller "
                + "models or fewer --workers, say --activation-checkpointing, train adapters (align.lora), or start all the same with "
                + "--over-memory.",
            message);
        Assert.Equal(1, MemoryNeed.Of(1L << 60, null, 8, DeviceMemory.Host).Workers);
        Assert.Equal(8, MemoryNeed.Of(1, null, 8, DeviceMemory.Host).Workers);
    }

    private StudyRun Prepare(string setting)
    {
        using MicroStudy folder = MicroStudy.Empty();
        return folder.Prepare(files.Study(setting));
    }
}
