using System.Text.Json;
using Goodhart.Evaluation.Remedies;
using Goodhart.Pipeline;
using Goodhart.Steps.Describing;
using Goodhart.Steps.Measuring;
using Goodhart.Steps.Rows;
using Goodhart.Studies.Configuration;
using Goodhart.Studies.Reporting;
using Goodhart.Studies.Results;
using Xunit;

namespace Goodhart.Studies.Tests.Running;

/// <summary><c>evaluate.confirm</c>: chosen on the study's prompts, read on fresh ones.</summary>
public sealed class SecondPassTests
{
    private static readonly string[] Asked =
    [
        "align.losses=[dpo]", "align.betas=[0.1, 0.4]", "align.remedies=[\"ld-dpo:alpha=0\", \"ld-dpo:alpha=0.5\", \"wise-ft:alpha=0.5\"]",
        "seeds=[0, 1]", "keep=weights", "evaluate.prompts=16", "evaluate.confirm={prompts: 24, cells: 2}",
    ];

    [Fact]
    public async Task The_best_cells_are_read_on_prompts_that_had_no_part_in_choosing_them()
    {
        using MicroStudy study = MicroStudy.Empty();
        StudyDefinition definition = MicroStudy.Definition(Asked);
        Plan before = study.Prepare(definition).Plan();
        string[] executed = await study.RunAsync(definition);

        // Two cells of each of three families, two seeds, and an SFT model for each.
        Assert.Equal((2 * 3 * 2) + 2, executed.Count(name => name == "confirm-checkpoint"));
        Assert.True(
            Array.IndexOf(executed, "choose-cells") < Array.IndexOf(executed, "confirm-checkpoint"), string.Join(' ', executed));
        Assert.Equal(2 * 2 * 2 * 3, executed.Count(name => name == "preference-segment"));

        // The plan knew how much it would be, and which steps where nothing is chosen.
        Assert.Equal((2 * 3 * 2) + 2, before.Steps.Count(step => step.Step is ConfirmCheckpoint));
        Assert.Equal(executed.Count(name => name == "judge-checkpoint"), before.Steps.Count(step => step.Name == "judge-checkpoint"));

        StudyResults results = StudyResultsFile.Read(Path.Combine(study.Folder, "results.json"));
        Assert.Equal(["", "ld-dpo", "wise-ft"], results.RemedyFamilies.Select(row => row.Remedies));
        Assert.Equal(["", "ld-dpo:alpha=0", "ld-dpo:alpha=0.5", "wise-ft:alpha=0.5"], results.Remedies.Select(row => row.Remedies));
        Assert.All(results.RemedyFamilies, row => Assert.Equal((24, 1), (row.FreshPrompts, row.Chosen!.Rank)));
        Assert.All(results.Remedies, row => Assert.Null(row.Chosen));
        Assert.Equal([1, 2, 1, 2, 1, 2], results.ConfirmedCells.Select(cell => cell.Cell.Rank));
        Assert.Equal(17, results.Points.Count(point => point.Seed == 0));
        string page = study.Read("report.html");
        Assert.Contains("read on 24 others", page, StringComparison.Ordinal);
        Assert.Contains("read on 24 fresh ones", page, StringComparison.Ordinal);

        // The best of a row is what the chosen cell's two checkpoints have on the fresh prompts.
        Plan plan = study.Prepare(definition).Plan();
        Assert.Empty(plan.ToRun);
        foreach (RemedyRow row in results.RemedyFamilies)
        {
            double[] rates =
            [
                .. plan.Steps.Where(step => step.Step is ConfirmCheckpoint confirmed && row.Chosen!.Is(confirmed.Checkpoint))
                    .Select(step => WinRate(study, step)),
            ];
            Assert.Equal((2, rates.Average()), (rates.Length, Math.Round(row.Best.Value, 12)));
        }

        // The chapter has its figure, and its tables as Markdown.
        Assert.All(results.RemedyFamilies, row => Assert.NotNull(row.Area));
        Assert.Equal(["dpo+ld-dpo", "dpo+wise-ft"], results.RemedyVerdicts.Select(verdict => verdict.Family));
        string[] lines = StudyTables.Markdown(results, "remedies").Split('\n');
        Assert.Contains(lines, line => line.StartsWith("| S, DPO + wise-ft |", StringComparison.Ordinal));
        Assert.Equal(6, lines.Count(line => line.StartsWith("| --- |", StringComparison.Ordinal)));
        Assert.True(File.Exists(Path.Combine(study.Folder, "figures", "remedies-frontier-s-dpo.svg")));
        Assert.Empty(await study.RunAsync(definition));
        AssertImplicit(study, plan);
    }

    /// <summary>By the file of the responses, and what the measurements hold of the data's.</summary>
    private static void AssertImplicit(MicroStudy study, Plan plan)
    {
        PlannedStep step = plan.Steps.Single(step => step.Step is ImplicitWins);
        ImplicitWins implicitWins = (ImplicitWins)step.Step;
        using JsonDocument wins = Result(step);
        Assert.Equal(implicitWins.Checkpoints.Count, wins.RootElement.GetArrayLength());
        int last = implicitWins.Checkpoints.Count - 1;
        ImplicitSubject subject = implicitWins.Checkpoints[last];
        PlannedStep measured = Of(subject.Measured);
        using JsonDocument own = Result(measured);
        using JsonDocument start = Result(Of(subject.Start));
        double[] expected =
        [
            .. File.ReadLines(Path.Combine(study.FolderOf(measured), MeasureCheckpoint.ResponsesFile)).Chunk(subject.Measured.Sampling.Samples)
                .Select((samples, prompt) => samples.Average(line =>
                {
                    using JsonDocument sample = JsonDocument.Parse(line);
                    double ratio = sample.RootElement.GetProperty("logProb").GetDouble()
                        - sample.RootElement.GetProperty("referenceLogProb").GetDouble();
                    return 1 / (1 + Math.Exp(-subject.Beta * (ratio - (Data(own, prompt) - Data(start, prompt)))));
                })),
        ];
        Assert.Equal(
            expected.Select(win => Math.Round(win, 12)),
            wins.RootElement[last].EnumerateArray().Select(win => Math.Round(win.GetDouble(), 12)));
        Assert.True(expected.Distinct().Count() > 1);

        PlannedStep Of(Step input) => plan.Steps.Single(step => ReferenceEquals(step.Step, input) || step.Step.Key == input.Key);

        JsonDocument Result(PlannedStep of) => JsonDocument.Parse(File.ReadAllText(Path.Combine(study.FolderOf(of), "result.json")));

        static double Data(JsonDocument measures, int prompt) =>
            measures.RootElement.GetProperty("unseen").GetProperty("logProbs")[prompt][1].GetDouble();
    }

    [Fact]
    public async Task A_second_pass_may_follow_a_study_that_had_none()
    {
        using MicroStudy study = MicroStudy.Empty();
        await study.RunAsync(MicroStudy.Definition(Asked[..^1]));
        StudyDefinition definition = MicroStudy.Definition(Asked);

        // Everything is there to choose from: the plan is exact, and trains nothing.
        string[] planned = [.. study.Prepare(definition).Plan().ToRun.Where(step => step.Step is ConfirmCheckpoint).Select(step => step.Key)];
        string[] executed = await study.RunAsync(definition);
        Assert.DoesNotContain("preference-segment", executed);
        Assert.Equal(
            planned, study.Prepare(definition).Plan().Steps.Where(step => step.Step is ConfirmCheckpoint).Select(step => step.Key));
        Assert.Equal(14, planned.Length);
    }

    [Fact]
    public async Task Steps_run_one_by_one_wait_for_the_choice()
    {
        using MicroStudy study = MicroStudy.Empty();
        StudyDefinition definition = MicroStudy.Definition(Asked);
        Plan first = await study.Prepare(definition).ExportAsync(CancellationToken.None);
        Assert.Equal("choose-cells", first.Steps[^1].Name);
        Goodhart.Studies.Running.StudyRun run = study.Prepare(definition);
        StepOutcome early = await run.RunStepAsync("confirm-checkpoint-0123456789abcdef", CancellationToken.None);
        Assert.Equal([first.Steps[^1].Folder], early.Missing);
        foreach (PlannedStep step in first.ToRun)
        {
            Assert.False((await run.RunStepAsync(step.Folder, CancellationToken.None)).NotReady, step.Folder);
        }

        Plan second = await study.Prepare(definition).ExportAsync(CancellationToken.None);
        Assert.Contains(second.ToRun, step => step.Step is ConfirmCheckpoint);
        foreach (PlannedStep step in second.ToRun)
        {
            // Averages are made again where they had been thrown away; the same run finds steps of both passes.
            Assert.False((await run.RunStepAsync(step.Folder, CancellationToken.None)).NotReady, step.Folder);
        }

        Assert.Empty(await study.RunAsync(definition));
    }

    [Fact]
    public void Fresh_prompts_are_those_after_the_studys()
    {
        WorldRows asked = new(WorldSet.Prompts, 7, 5);
        WorldRows fresh = new(WorldSet.Prompts, 7, 3) { After = 5 };
        Assert.Equal(
            new WorldRows(WorldSet.Prompts, 7, 8).Posts().Select(post => string.Join(' ', post.Prompt)),
            asked.Posts().Concat(fresh.Posts()).Select(post => string.Join(' ', post.Prompt)));

        int[] rows = [.. Enumerable.Range(0, 10)];
        IReadOnlyList<int> first = new RowSelection(4, 3).Of(rows, "f", "rows");
        IReadOnlyList<int> others = new RowSelection(6, 3) { After = 4 }.Of(rows, "f", "rows");
        Assert.Equal(rows, first.Concat(others).Order());
        string message = Assert.Throws<InvalidDataException>(() => new RowSelection(7, 3) { After = 4 }.Of(rows, "f", "rows")).Message;
        Assert.Equal("f: expected at least 11 rows, found 10: 4 are used, and 7 others are to be fresh. Ask for fewer.", message);
    }

    [Theory]
    [InlineData("align.remedies=null", "align.remedies names none")]
    [InlineData("keep=final", "expected keep: weights or all")]
    [InlineData("judge=none", "nothing decides wins")]
    [InlineData("evaluate.confirm={prompts: 8192}", "the gold judge knows 8192 held-out posts")]
    [InlineData("evaluate.confirm={prompts: 1}", "evaluate.confirm.prompts: expected")]
    [InlineData("evaluate.confirm={prompts: 8, cells: 0}", "evaluate.confirm.cells: expected")]
    public void What_a_second_pass_lacks_is_told_before_anything_runs(string setting, string message)
    {
        string[] others = setting == "align.remedies=null" ? [.. Asked.Where(asked => !asked.StartsWith("align.remedies", StringComparison.Ordinal))]
            : [.. Asked, setting];
        Assert.Contains(
            message, Assert.Throws<StudyFileException>(() => MicroStudy.Definition(others)).Message, StringComparison.Ordinal);
    }

    private static double WinRate(MicroStudy study, PlannedStep step)
    {
        using JsonDocument result = JsonDocument.Parse(File.ReadAllText(Path.Combine(study.FolderOf(step), "result.json")));
        return result.RootElement.GetProperty("point").GetProperty("winRate").GetDouble();
    }
}
