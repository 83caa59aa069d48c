using System.Globalization;
using System.Text.Json.Nodes;
using Goodhart.Evaluation.Points;
using Goodhart.Pipeline;
using Goodhart.Steps.Judging;
using Goodhart.Steps.Measuring;
using Goodhart.Studies.Configuration;
using Goodhart.Studies.Running;
using Goodhart.Testing;
using Goodhart.Testing.Judging;
using Xunit;

namespace Goodhart.Studies.Tests.Running;

/// <summary>A study of one's own data with a judge behind a local endpoint.</summary>
public sealed class JudgedDataStudyTests(DataFiles files) : IClassFixture<DataFiles>
{
    private const string Key = "sk-judge-0123456789abcdef";

    /// <summary>SFT and the last checkpoint take two samples a prompt, the first checkpoint one.</summary>
    private const int Calls = 4 * (2 + 1 + 2);

    [Fact]
    public async Task Win_rates_fill_the_results_and_nothing_is_paid_twice()
    {
        await using JudgeServer server = new(call => JudgeAnswer.Reply(call, call.Verdict(call.First.Length % 2 == 0 ? "1" : "2")));
        using MicroStudy study = MicroStudy.Empty();
        string secret = Path.Combine(Path.GetDirectoryName(files.Preferences)!, "key");
        await File.WriteAllTextAsync(secret, Key);
        StudyDefinition definition = Judged(server, $", keyFile: '{secret}', priceIn: 10, priceOut: 30, maxCalls: {Calls}");

        StudyRun planned = study.Prepare(definition);
        StudyJudgeForecast forecast = planned.Judging(planned.Plan())!;
        Assert.Equal((Calls, Calls), (forecast.Calls, forecast.StudyCalls));
        Assert.True(forecast.Cost > 0);
        Assert.Empty(server.Calls);

        string[] executed = await study.RunAsync(definition);
        Assert.Equal(3, executed.Count(name => name == "judge-checkpoint"));
        int asked = server.Calls.Count;   // fewer than forecast where checkpoints say the same
        Assert.InRange(asked, 4, Calls);
        Assert.Equal(asked, server.Calls.DistinctBy(call => call.Question).Count());
        Assert.All(server.Calls, call => Assert.Equal($"Bearer {Key}", call.Authorization));
        IReadOnlyList<CheckpointPoint> points = PointsFile.ReadCheckpoints(Path.Combine(study.Folder, "points.csv"));
        Assert.All(points, point => Assert.InRange(point.WinRate!.Value, 0, 1));
        Assert.All(points, point => Assert.NotNull(point.WinRateSe));
        Assert.Equal(4, File.ReadAllLines(Path.Combine(study.Folder, "winrates.csv")).Length);
        Assert.Contains("Figure 1.", study.Read("report.html"), StringComparison.Ordinal);
        Assert.DoesNotContain("No judge decides wins", study.Read("results.json"), StringComparison.Ordinal);

        // As after a kill: judging and all after it are gone, the replies are not.
        string results = study.ResultsWithoutCost();
        foreach (PlannedStep step
            in planned.Plan().Steps.Where(step => step.Name is "judge-checkpoint" or "describe-checkpoint" or "analyse-study"))
        {
            Directory.Delete(study.FolderOf(step), recursive: true);
        }

        Assert.Equal(7, (await study.RunAsync(definition)).Length);
        Assert.Equal((asked, results), (server.Calls.Count, study.ResultsWithoutCost()));

        // Finished: not even the key is asked for.
        File.Delete(secret);
        Assert.Empty(await study.RunAsync(definition));
        Every.Of(
            Directory.EnumerateFiles(study.Folder, "*", SearchOption.AllDirectories),
            file => Assert.DoesNotContain(Key, File.ReadAllText(file), StringComparison.Ordinal));
    }

    [Fact]
    public async Task Steps_that_ask_the_judge_take_turns_and_stored_ones_need_no_key()
    {
        await using JudgeServer server = new(call => JudgeAnswer.Reply(call, call.Verdict("1")));
        using MicroStudy study = MicroStudy.Empty();
        string secret = Path.Combine(Path.GetDirectoryName(files.Preferences)!, "key-of-steps");
        await File.WriteAllTextAsync(secret, Key);
        StudyDefinition definition = Judged(server, $", keyFile: '{secret}'");
        Plan plan = await study.Prepare(definition).ExportAsync(CancellationToken.None);
        string judge = plan.Steps.First(step => step.Name == "judge-checkpoint").Folder;
        Assert.True((await study.Prepare(definition).RunStepAsync(judge, CancellationToken.None)).NotReady);   // nothing is sampled yet
        foreach (PlannedStep step in plan.ToRun.TakeWhile(step => step.Folder != judge))
        {
            await study.Prepare(definition).RunStepAsync(step.Folder, CancellationToken.None);
        }

        using (Lease.Take(Path.Combine(study.Folder, "judging")))
        {
            await Assert.ThrowsAsync<StepBusyException>(() => study.Prepare(definition).RunStepAsync(judge, CancellationToken.None));
            await Assert.ThrowsAsync<StepBusyException>(() => study.Prepare(definition).RunAsync(CancellationToken.None));
        }

        Assert.Empty(server.Calls);
        Assert.True((await study.Prepare(definition).RunStepAsync(judge, CancellationToken.None)).Ran);
        Assert.NotEmpty(server.Calls);
        File.Delete(secret);
        Assert.False((await study.Prepare(definition).RunStepAsync(judge, CancellationToken.None)).Ran);
    }

    [Fact]
    public async Task A_prompt_without_a_verdict_is_left_out_at_all_checkpoints()
    {
        string? lost = null;
        Lock gate = new();
        await using JudgeServer server = new(call =>
        {
            lock (gate)
            {
                // The first prompt that is asked about.
                lost ??= call.Prompt;
                return JudgeAnswer.Reply(call, call.Prompt == lost ? "I cannot say." : call.Verdict("1"));
            }
        });
        using MicroStudy study = MicroStudy.Empty();
        await study.RunAsync(Judged(server, ""));
        JsonNode results = JsonNode.Parse(study.Read("results.json"))!;
        string[] notRun = [.. results["study"]!["notRun"]!.AsArray().Select(line => (string)line!)];
        Assert.Contains(notRun, line => line.Contains(" of 4 prompts lack the judge's verdict", StringComparison.Ordinal));
        int leftOut = int.Parse(
            notRun.First(line => line.Contains("prompts lack", StringComparison.Ordinal)).Split(' ')[0], CultureInfo.InvariantCulture);
        Assert.InRange(leftOut, 1, 2);
        Assert.All(results["points"]!.AsArray(), point => Assert.NotNull(point!["winRate"]));
        string[] row = File.ReadAllLines(Path.Combine(study.Folder, "winrates.csv"))[1].Split(',');
        Assert.Equal(2 * leftOut, int.Parse(row[15], CultureInfo.InvariantCulture));   // replies that cannot be read: two samples a prompt
    }

    [Fact]
    public async Task A_study_over_its_budget_and_one_without_a_key_ask_nothing()
    {
        await using JudgeServer server = new(call => JudgeAnswer.Reply(call, call.Verdict("1")));
        using MicroStudy study = MicroStudy.Empty();
        InvalidDataException over = await Assert.ThrowsAsync<InvalidDataException>(
            () => study.RunAsync(Judged(server, $", maxCalls: {Calls - 1}")));
        Assert.Contains("would be asked up to 20 times, over judge.maxCalls 19", over.Message, StringComparison.Ordinal);
        InvalidDataException keyless = await Assert.ThrowsAsync<InvalidDataException>(
            () => study.RunAsync(Judged(server, ", keyEnv: GOODHART_TEST_NO_SUCH_KEY")));
        Assert.Contains("GOODHART_TEST_NO_SUCH_KEY is not set", keyless.Message, StringComparison.Ordinal);
        Assert.Empty(server.Calls);
    }

    [Fact]
    public async Task Another_judge_is_another_step_and_another_pace_is_not()
    {
        await using JudgeServer server = new(call => JudgeAnswer.Reply(call, call.Verdict("1")));
        using MicroStudy study = MicroStudy.Empty();
        string[] keys = Keys(study, Judged(server, ""));
        Assert.Equal(keys, Keys(study, Judged(server, ", concurrency: 2, maxCalls: 99, keyEnv: ANY")));
        Assert.Empty(keys.Intersect(Keys(study, Judged(server, ", orders: both"))));
        Assert.Empty(keys.Intersect(Keys(study, Judged(server, ", template: helpfulness"))));
        Assert.Null(files.Study("judge=none").Judge);
    }

    [Fact]
    public async Task A_reward_model_judges_a_study_and_asks_nobody()
    {
        string reward = files.RewardModel();
        StudyDefinition definition = files.Study("align.losses=[dpo]", $"judge={{kind: reward-model, from: '{reward}'}}");
        Assert.Equal(StudyJson.Write(definition), StudyJson.Write(StudyJson.Read(StudyJson.Write(definition))));
        Assert.Contains("\"kind\": \"reward-model\"", StudyJson.Write(definition), StringComparison.Ordinal);
        using MicroStudy study = MicroStudy.Empty();
        string[] executed = await study.RunAsync(definition);
        Assert.Equal(3, executed.Count(name => name == "judge-checkpoint"));
        Assert.False(File.Exists(Path.Combine(study.Folder, "replies.jsonl")));
        IReadOnlyList<CheckpointPoint> points = PointsFile.ReadCheckpoints(Path.Combine(study.Folder, "points.csv"));
        Assert.All(points, point => Assert.InRange(point.WinRate!.Value, 0, 1));

        // What was sampled is what was judged.
        PlannedStep first = study.Prepare(definition).Plan().Steps.First(step => step.Step is JudgeCheckpoint);
        JsonNode[] verdicts =
        [
            .. File.ReadLines(Path.Combine(study.FolderOf(first), "verdicts.jsonl")).Select(line => JsonNode.Parse(line)!),
        ];
        PlannedStep measured = first.Inputs.Single(step => step.Step is MeasureCheckpoint);
        string[] raw =
        [
            .. File.ReadLines(Path.Combine(study.FolderOf(measured), MeasureCheckpoint.ResponsesFile))
                .Select(line => (string)JsonNode.Parse(line)!["response"]!),
        ];
        Assert.Equal(raw.Select(text => text.Trim()), verdicts.Select(verdict => (string)verdict["a"]!));
        Assert.All(verdicts, verdict => Assert.NotNull(verdict["score"]));
    }

    [Fact]
    public async Task A_folder_that_is_no_reward_model_is_told_before_anything_runs()
    {
        using MicroStudy study = MicroStudy.Empty();
        InvalidDataException other = await Assert.ThrowsAsync<InvalidDataException>(
            () => study.RunAsync(files.Study($"judge={{kind: reward-model, from: '{files.Model}'}}")));
        Assert.Contains("expected a reward model (GPTNeoXForSequenceClassification", other.Message, StringComparison.Ordinal);
        StudyFileException missing = await Assert.ThrowsAsync<StudyFileException>(
            () => study.RunAsync(files.Study("judge={kind: reward-model, from: nowhere}")));
        Assert.Contains("judge.from: no folder nowhere", missing.Message, StringComparison.Ordinal);
    }

    private static string[] Keys(MicroStudy study, StudyDefinition definition) =>
        [.. study.Prepare(definition).Plan().Steps.Where(step => step.Step is JudgeCheckpoint).Select(step => step.Key)];

    private StudyDefinition Judged(JudgeServer server, string more) => files.Study(
        "align.losses=[dpo]", $"judge={{kind: openai, model: m, url: '{server.BaseUrl.AbsoluteUri}'{more}}}");
}
