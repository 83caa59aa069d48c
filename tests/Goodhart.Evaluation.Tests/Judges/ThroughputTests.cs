using System.Diagnostics;
using Goodhart.Evaluation.Judges;
using Goodhart.Evaluation.Judges.Chat;
using Goodhart.Testing.Judging;
using Xunit;
using Xunit.Abstractions;

namespace Goodhart.Evaluation.Tests.Judges;

public sealed class ThroughputTests(ITestOutputHelper output)
{
    [Fact]
    [Trait("Category", "Slow")]
    public async Task Five_thousand_judgements_take_less_than_ten_seconds()
    {
        await using JudgeServer server = new(
            call => JudgeAnswer.Reply(call, "Verdict " + call.Code + ": 1") with { Delay = TimeSpan.FromMilliseconds(50) });
        ChatJudgeOptions options = Rig.Options(server);
        using Process process = Process.GetCurrentProcess();
        TimeSpan before = process.TotalProcessorTime;
        Stopwatch watch = Stopwatch.StartNew();
        IReadOnlyList<PairJudgement> judgements =
            await Rig.JudgeAsync(options with { Endpoint = options.Endpoint with { Concurrency = 64 } }, Rig.Pairs(5000));
        watch.Stop();
        process.Refresh();
        output.WriteLine(FormattableString.Invariant(
            $"5,000 judgements in {watch.Elapsed.TotalSeconds:0.00} s, {(process.TotalProcessorTime - before).TotalSeconds:0.00} s of CPU, ")
            + "the server's included");
        Assert.All(judgements, judgement => Assert.NotNull(judgement.Score));
        Assert.Equal(5000, server.Calls.Count);
        Assert.True(watch.Elapsed < TimeSpan.FromSeconds(10), $"{watch.Elapsed}");
    }
}
