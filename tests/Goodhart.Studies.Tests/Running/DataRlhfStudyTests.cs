using System.Text.Json.Nodes;
using Goodhart.Evaluation.Points;
using Goodhart.Evaluation.Statistics;
using Goodhart.Pipeline;
using Goodhart.Steps.Describing;
using Goodhart.Steps.Folders;
using Goodhart.Steps.Judging;
using Goodhart.Steps.Measuring;
using Goodhart.Steps.Training;
using Goodhart.Studies.Configuration;
using Goodhart.Studies.Reporting;
using Goodhart.Studies.Results;
using Goodhart.Studies.Running;
using Goodhart.Testing.Judging;
using Xunit;

namespace Goodhart.Studies.Tests.Running;

/// <summary>Classical RLHF and a reward model as the judge, in a study of one's own model and data.</summary>
public sealed class DataRlhfStudyTests(RewardFiles files) : IClassFixture<RewardFiles>
{
    private const int Pool = 8;

    [Fact]
    public async Task Every_method_has_its_points_under_a_reward_model_judge()
    {
        StudyDefinition definition = Definition("align.losses=[dpo, ppo, best-of-n]", Judge());
        Assert.Equal(StudyJson.Write(definition), StudyJson.Write(StudyJson.Read(StudyJson.Write(definition))));
        using MicroStudy study = MicroStudy.Empty();
        StudyRun planned = study.Prepare(definition);
        StudyJudgeForecast forecast = planned.Judging(planned.Plan())!;
        Assert.Equal((0, 0, 0.0), (forecast.Calls, forecast.StudyCalls, forecast.Cost!.Value));
        Assert.Contains(planned.Plan().Steps, step => step.Step is JudgeCheckpoint { EstimatedCost: > 1e4 });

        string[] executed = await study.RunAsync(definition);
        Dictionary<string, int> kinds = executed.CountBy(name => name).ToDictionary();
        Assert.Equal((1, 1, 2), (kinds["reward-segment"], kinds["held-out-reward"], kinds["rollout-segment"]));
        // SFT, two of each run, the pool
        Assert.Equal((6, 6, 6), (kinds["measure-checkpoint"], kinds["judge-checkpoint"], kinds["score-responses"]));

        StudyResults results = StudyResultsFile.Read(Path.Combine(study.Folder, "results.json"));
        IReadOnlyList<CheckpointPoint> points = results.Points;
        Assert.Equal(
            [("", null), ("dpo", null), ("dpo", null), ("ppo", null), ("ppo", null), ("best-of-n", 2), ("best-of-n", 8)],
            points.Select(point => (point.Loss, point.BestOf)));
        Assert.All(
            points, point => Assert.True(point is { ProxyReward: not null, ProxyRewardSe: > 0, WinRate: >= 0 and <= 1, Length: > 0 }));
        CheckpointPoint[] ppo = [.. points.Where(point => point.Loss == RlhfMethods.Ppo)];
        Assert.Equal([(0.5, 2, 8L), (1, 4, 16)], ppo.Select(point => (point.Fraction, point.Step, point.Examples)));
        Assert.All(
            ppo,
            point => Assert.True(
                point is { Kl: > 0, Beta: 0.1, LossValue: null, Accuracy: null, ForwardKl: not null, LogProbChosen: < 0 }));
        CheckpointPoint[] best = [.. points.Where(point => point.Loss == RlhfMethods.BestOfN)];
        Assert.All(best, point => Assert.InRange(point.Kl, 0, point.KlBound!.Value + 1e-9));
        Assert.True(best[1].ProxyReward > best[0].ProxyReward && best[0].ProxyReward > Mean(study, planned.Plan()));

        RewardModelSummary reward = Assert.Single(results.RewardModels);
        Assert.Equal(("tiny", 0, 4), (reward.Model, reward.Seed, reward.HeldOut.Accuracy.Count));
        Assert.True(
            results.Claims.Any(claim => claim.Id == "like-rlhf/dpo/tiny")
            ^ results.Study.NotRun.Any(
                line => line.StartsWith("The claim like-rlhf/dpo/tiny is left out: it compares the falls", StringComparison.Ordinal)));
        string page = study.Read("report.html");
        Assert.Contains("on one axis, model tiny", page, StringComparison.Ordinal);
        Assert.Contains("Reward models of PPO and best-of-n, on held-out pairs", page, StringComparison.Ordinal);
        Assert.DoesNotContain("true reward", page, StringComparison.Ordinal);
        string[] responses = File.ReadAllLines(Path.Combine(study.Folder, "responses.csv"));
        Assert.Equal(1 + 6, responses.Length);
        Assert.StartsWith("tiny,best-of-n pool,,0,0,0,", responses[^1], StringComparison.Ordinal);
        Assert.Equal(4 * Pool, File.ReadAllLines(Path.Combine(study.Folder, responses[^1].Split(',')[^1])).Length);
        Assert.Equal(1 + 6, File.ReadAllLines(Path.Combine(study.Folder, "winrates.csv")).Length);

        (string[] artifacts, string text) = (study.Artifacts(), study.ResultsWithoutCost());
        Assert.Empty(await study.RunAsync(definition));

        // As after a kill in the middle of PPO and of judging.
        foreach (PlannedStep step in planned.Plan().Steps.Where(step => step.Step
            is RolloutSegment { End: 4 } or MeasureCheckpoint { Policy: StoredModel { Step: RolloutSegment { End: 4 } } }
            or JudgeCheckpoint or DescribeBestOfN
            || step.Name is "describe-checkpoint" or "analyse-study"))
        {
            Directory.Delete(study.FolderOf(step), recursive: true);
        }

        Assert.Contains("rollout-segment", await study.RunAsync(definition, threads: 2));
        Assert.Equal(text, study.ResultsWithoutCost());
        Assert.Equal(artifacts, study.Artifacts());
    }

    [Fact]
    public async Task Best_of_n_is_the_mean_over_all_subsets_of_the_judged_pool()
    {
        using MicroStudy study = MicroStudy.Empty();
        StudyDefinition definition = Definition("align.losses=[best-of-n]", Judge(), Existing());
        string[] executed = await study.RunAsync(definition);
        Assert.DoesNotContain(executed, name => name is "reward-segment" or "rollout-segment" or "tokenize-pair-prompts");

        // By enumeration: of each prompt's pairs of samples, what the judge says of the one with the higher reward.
        PlannedStep[] steps = [.. study.Prepare(definition).Plan().Steps];
        string FolderOf(Func<Step, bool> wanted) => study.FolderOf(steps.Single(step => wanted(step.Step)));
        double[] scores =
        [
            .. File.ReadLines(Path.Combine(FolderOf(step => step is JudgeCheckpoint { Measured.Sampling.Samples: Pool }), "verdicts.jsonl"))
                .Select(line => (double)JsonNode.Parse(line)!["score"]!),
        ];
        double[][] rewards = JsonNode.Parse(
            File.ReadAllText(Path.Combine(FolderOf(step => step is ScoreResponses { Measured.Sampling.Samples: Pool }), "result.json")))!
            .AsArray().Select(row => row!.AsArray().Select(value => (double)value!).ToArray()).ToArray();
        double expected = rewards.Select((own, prompt) => (
            from i in Enumerable.Range(0, Pool)
            from j in Enumerable.Range(0, i)
            select own[i] == own[j]
                ? (scores[(Pool * prompt) + i] + scores[(Pool * prompt) + j]) / 2
                : scores[(Pool * prompt) + (own[i] > own[j] ? i : j)]).Average()).Average();
        CheckpointPoint two = PointsFile.ReadCheckpoints(Path.Combine(study.Folder, "points.csv")).Single(point => point.BestOf == 2);
        Assert.Equal(expected, two.WinRate!.Value, 12);
        Assert.Equal(BestOfN.Kl(2), two.KlBound!.Value, 12);
        Assert.NotEqual(0.5, two.WinRate);
    }

    [Fact]
    public async Task A_chat_judge_is_asked_about_the_pool_and_a_missing_verdict_is_no_loss()
    {
        string? lost = null;
        Lock gate = new();
        await using JudgeServer server = new(call =>
        {
            lock (gate)
            {
                lost ??= call.Question;
                return JudgeAnswer.Reply(call, call.Question == lost ? "I cannot say." : call.Verdict("tie"));
            }
        });
        using MicroStudy study = MicroStudy.Empty();
        StudyDefinition definition = Definition(
            "align.losses=[best-of-n]", $"judge={{kind: openai, model: m, url: '{server.BaseUrl.AbsoluteUri}', maxCalls: 40}}", Existing());
        StudyRun planned = study.Prepare(definition);
        Assert.Equal(4 * (2 + Pool), planned.Judging(planned.Plan())!.StudyCalls);
        await study.RunAsync(definition);

        // The pool's first samples are those of the SFT model's evaluation: nobody is asked about them twice.
        Assert.InRange(server.Calls.Count, 2, 4 * Pool);
        Assert.Equal(server.Calls.Count, server.Calls.DistinctBy(call => call.Question).Count());
        CheckpointPoint[] best =
        [
            .. PointsFile.ReadCheckpoints(Path.Combine(study.Folder, "points.csv")).Where(point => point.BestOf is not null),
        ];
        Assert.Equal([0.5, 0.5], best.Select(point => point.WinRate!.Value));
        InvalidDataException over = await Assert.ThrowsAsync<InvalidDataException>(
            () => MicroStudy.Empty().RunAsync(
                Definition(
                    "align.losses=[best-of-n]",
                    $"judge={{kind: openai, model: m, url: '{server.BaseUrl.AbsoluteUri}', maxCalls: 39}}",
                    Existing())));
        Assert.Contains(
            "up to 40 times, over judge.maxCalls 39. Raise it, or lower evaluate.prompts, the number of checkpoints or rlhf.bestOfN.pool",
            over.Message,
            StringComparison.Ordinal);
    }

    [Fact]
    public void The_judges_files_are_in_the_key_and_its_place_is_not()
    {
        using MicroStudy study = MicroStudy.Empty();
        string[] keys = Keys(files.Reward);
        Assert.NotEmpty(keys);
        Assert.Equal(keys, Keys(files.SameReward));
        Assert.Empty(keys.Intersect(Keys(files.OtherReward)));
        string[] Keys(string folder) =>
            [
                .. study.Prepare(files.Data.Study($"judge={{kind: reward-model, from: '{folder}'}}"))
                    .Plan().Steps.Where(step => step.Step is JudgeCheckpoint).Select(step => step.Key),
            ];
    }

    [Fact]
    public void Memory_and_disk_count_what_rlhf_takes()
    {
        using MicroStudy study = MicroStudy.Empty();
        StudyRun direct = study.Prepare(files.Data.Study("align.losses=[dpo]"));
        StudyRun rlhf = study.Prepare(Definition("align.losses=[dpo, ppo]"));
        Assert.InRange((double)rlhf.Memory.Step / direct.Memory.Step, 1.5, 4);
        RolloutSegment[] segments = [.. rlhf.Plan().Steps.Select(step => step.Step).OfType<RolloutSegment>()];
        Assert.Equal(2, segments.Length);

        // Policy; at the end with its optimizer's two states, and the value model with its own.
        Assert.Equal(6 * segments[0].EstimatedBytes, segments[1].EstimatedBytes);
    }

    [Theory]
    [InlineData("align.losses=[ppo]", "ppo needs the key 'rlhf': how its reward model and its policy are trained.")]
    [InlineData("align.also=[{ losses: [best-of-n] }]", "best-of-n needs the key 'rlhf'")]
    [InlineData("judge={kind: gold}", "missing key 'worldSeed' in judge")]
    [InlineData("judge={kind: reward-model}", "missing key 'from' in judge")]
    [InlineData("judge={kind: reward-model, from: x, url: y}", "unknown key 'url'. Keys of judge: kind, from.")]
    [InlineData("rlhf={reward: {from: x, batchSize: 4}}", "unknown key 'batchSize'. Keys of rlhf.reward: from.")]
    public void Says_what_is_missing_or_not_known(string change, string message) => Assert.Contains(
        message, Assert.Throws<StudyFileException>(() => files.Data.Study(change)).Message, StringComparison.Ordinal);

    [Fact]
    public void Reward_models_that_cannot_be_used_are_refused_before_anything_runs()
    {
        using MicroStudy study = MicroStudy.Empty();
        StudyFileException missing = Assert.Throws<StudyFileException>(
            () => study.Prepare(
                Definition("align.losses=[ppo]", "judge={kind: reward-model, from: nowhere}", "rlhf.reward={from: neither}")));
        Assert.Contains(
            "judge.from: no folder nowhere. Put a reward model there (`goodhart reward` makes one from pairs)",
            missing.Message,
            StringComparison.Ordinal);
        Assert.Contains("rlhf.reward.from: no folder neither.", missing.Message, StringComparison.Ordinal);
        Assert.Contains(
            "expected a reward model (GPTNeoXForSequenceClassification, one label), found a language model",
            Refusal(Judge(files.Data.Model)), StringComparison.Ordinal);
        Assert.Contains(
            "holds 2 reward models, and a judge is one: name a member", Refusal(Judge(files.Ensemble)), StringComparison.Ordinal);
        Assert.Contains(
            "has 64 positions; prompts of up to 95 tokens and 8 new ones need 103",
            Refusal(Judge(files.ShortReward)),
            StringComparison.Ordinal);
        Assert.Contains(
            "different prompts that can be used, fewer than rlhf.ppo.prompts 99",
            Assert.Throws<InvalidDataException>(
                () => study.Prepare(Definition("align.losses=[ppo]", "rlhf.ppo.prompts=99")).Plan()).Message, StringComparison.Ordinal);

        string Refusal(string change) => Assert.Throws<InvalidDataException>(() => study.Prepare(files.Data.Study(change))).Message;
    }

    [Fact]
    public async Task An_ensemble_is_one_reward_and_without_a_judge_the_proxy_stands_alone()
    {
        using MicroStudy study = MicroStudy.Empty();
        await study.RunAsync(
            Definition("align.losses=[ppo, best-of-n]", "align.checkpoints=[1]", $"rlhf.reward={{from: '{files.Ensemble}'}}"));
        IReadOnlyList<CheckpointPoint> points = PointsFile.ReadCheckpoints(Path.Combine(study.Folder, "points.csv"));
        Assert.Equal(4, points.Count);
        Assert.All(points, point => Assert.True(point is { WinRate: null, ProxyReward: not null }));
        Assert.Contains("Proxy reward against √KL by method, model tiny", study.Read("report.html"), StringComparison.Ordinal);
    }

    /// <summary>The pool's mean reward.</summary>
    private static double Mean(MicroStudy study, Plan plan)
    {
        PlannedStep pool = plan.Steps.Single(step => step.Step is ScoreResponses { Measured.Sampling.Samples: Pool });
        return JsonNode.Parse(File.ReadAllText(Path.Combine(study.FolderOf(pool), "result.json")))!.AsArray()
            .Average(row => row!.AsArray().Average(value => (double)value!));
    }

    private string Judge(string? folder = null) => $"judge={{kind: reward-model, from: '{folder ?? files.OtherReward}'}}";

    private string Existing() => $"rlhf.reward={{from: '{files.Reward}'}}";

    private StudyDefinition Definition(params string[] changes) => files.Data.Study([RewardFiles.Rlhf, .. changes]);
}
