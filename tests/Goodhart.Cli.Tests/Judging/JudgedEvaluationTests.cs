using System.Text.Json.Nodes;
using Goodhart.Cli.Tests.Stages;
using Goodhart.Evaluation.Points;
using Goodhart.Testing.Judging;
using Xunit;

namespace Goodhart.Cli.Tests.Judging;

public sealed class JudgedEvaluationTests(TinyRun tiny) : IClassFixture<TinyRun>
{
    [Fact]
    public async Task A_judge_gives_evaluate_win_rates_that_fit_and_report_read()
    {
        string target = tiny.Fresh("gold");
        CommandRun run = await EvaluateAsync(target, "--judge", "gold", "--json");
        Assert.Equal((ExitCode.Done, ""), (run.Code, run.Error));
        JsonNode result = JsonNode.Parse(run.Output)!;
        Assert.Equal(3, result["winRates"]!.AsArray().Count);

        IReadOnlyList<CheckpointPoint> points = PointsFile.ReadCheckpoints($"{target}/points.csv");
        Assert.Equal(["", "dpo", "dpo"], points.Select(point => point.Loss));
        Assert.Equal([0, 2, 4], points.Select(point => point.Step));
        Assert.Equal([0, 0.5, 1], points.Select(point => point.Fraction));
        Assert.Equal([null, 0.1, 0.1], points.Select(point => point.Beta));
        Assert.Equal(((double)result["winRates"]![2]!["winRate"]!["rate"]!, "sft"), (points[2].WinRate, points[2].Model));
        Assert.All(points, point => Assert.InRange(point.WinRate!.Value, 0, 1));
        using (Engine.Cpu.CpuDevice device = new(1))
        using (Models.LanguageModel model = Models.ModelFolder.Load(device, $"{tiny.Sft}/model", training: false))
        {
            Assert.Equal((model.Parameters.Count, model.Shape.NonEmbedding), (points[0].Parameters, points[0].NonEmbedding));
        }

        run = await CommandRun.Of("fit", $"{target}/points.csv", "--intercept", "free", "--json");
        Assert.True(run.Code is ExitCode.Done or ExitCode.BadInput, run.Error);   // two points are few, but they are read
        Assert.DoesNotContain("column", run.Error, StringComparison.Ordinal);
        File.Delete($"{target}/report.html");
        run = await CommandRun.Of("report", target);
        Assert.Equal((ExitCode.Done, ""), (run.Code, run.Error));
        string page = File.ReadAllText($"{target}/report.html");
        Assert.Contains("decided by gold", page, StringComparison.Ordinal);
        Assert.DoesNotContain("0 preference pairs", page, StringComparison.Ordinal);   // what an evaluation does not know is not a nought
        Assert.DoesNotContain("0.00 s", page, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_endpoint_judges_once_what_several_runs_need()
    {
        string target = tiny.Fresh("endpoint");
        await using JudgeServer server = new(call => JudgeAnswer.Reply(call, call.Verdict("1")));
        string[] judge = ["--judge", "openai", "--judge-model", "m", "--base-url", server.BaseUrl.AbsoluteUri];
        CommandRun plan = await EvaluateAsync(target, [.. judge, "--judge-plan"]);
        Assert.Equal(ExitCode.Done, plan.Code);
        Assert.Contains("9 questions, 0 answered before, 9 calls to make", plan.Output, StringComparison.Ordinal);
        Assert.Empty(server.Calls);
        Assert.False(Directory.Exists(target));   // nothing was sampled either
        CommandRun run = await EvaluateAsync(target, judge);
        Assert.Equal((ExitCode.Done, ""), (run.Code, run.Error));
        Assert.Contains("position: the first response won 100.0 %", run.Output, StringComparison.Ordinal);
        Assert.Contains(
            "The response that was shown first won 100.0 %", File.ReadAllText($"{target}/report.html"), StringComparison.Ordinal);
        int asked = server.Calls.Count;
        Assert.InRange(asked, 1, 9);   // three checkpoints, three prompts; checkpoints may say the same
        Assert.Equal(ExitCode.Done, (await EvaluateAsync(target, judge)).Code);
        Assert.Equal(asked, server.Calls.Count);
    }

    [Fact]
    public async Task Prompts_without_responses_cannot_be_judged_and_options_without_a_judge_mean_nothing()
    {
        string prompts = Path.Combine(tiny.Root, "bare.jsonl");
        File.WriteAllText(prompts, "{\"prompt\":\"SUBREDDIT: r/relationships\"}\n");
        CommandRun run = await EvaluateAsync(tiny.Fresh("bare"), ["--judge", "gold"], prompts);
        Assert.Equal(ExitCode.BadInput, run.Code);
        Assert.Contains("--prompts needs them", run.Error, StringComparison.Ordinal);
        run = await EvaluateAsync(tiny.Fresh("bare"), "--max-calls", "3");
        Assert.Equal(ExitCode.BadInput, run.Code);
        Assert.Contains("--max-calls belongs to --judge", run.Error, StringComparison.Ordinal);
    }

    private Task<CommandRun> EvaluateAsync(string target, params string[] more) => EvaluateAsync(target, more, tiny.Data("prompts"));

    private Task<CommandRun> EvaluateAsync(string target, string[] more, string prompts) => CommandRun.Of(
        [
            "evaluate", $"{tiny.Dpo}/checkpoints", "--reference", $"{tiny.Sft}/model", "--prompts", prompts, "--max-new-tokens", "8",
            "--out", target, "--quiet",
            .. more,
        ]);
}
