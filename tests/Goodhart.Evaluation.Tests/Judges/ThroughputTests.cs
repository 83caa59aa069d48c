using Goodhart.Evaluation.Judges;
using Goodhart.Evaluation.Judges.Chat;
using Goodhart.Testing.Judging;
using Xunit;

namespace Goodhart.Evaluation.Tests.Judges;

/// <summary>What makes judging fast, counted: calls side by side, no call too many, no connection for each.</summary>
public sealed class ThroughputTests
{
    private const int Concurrency = 64;

    [Fact]
    public async Task Judgements_run_side_by_side_over_few_connections()
    {
        // None of the first 64 is answered before all of them are there at once: one fewer at a time, and no answer comes.
        JudgeServer? asked = null;
        TaskCompletionSource all = new(TaskCreationOptions.RunContinuationsAsynchronously);
        await using JudgeServer server = new(call =>
        {
            _ = asked!.MostAtOnce == Concurrency && all.TrySetResult();
            return JudgeAnswer.Reply(call, "Verdict " + call.Code + ": 1") with { After = all.Task };
        });
        asked = server;
        ChatJudgeOptions options = Rig.Options(server);
        IReadOnlyList<PairJudgement> judgements =
            await Rig.JudgeAsync(options with { Endpoint = options.Endpoint with { Concurrency = Concurrency } }, Rig.Pairs(1000));
        Assert.All(judgements, judgement => Assert.NotNull(judgement.Score));
        Assert.Equal(1000, server.Calls.Count);
        Assert.Equal(Concurrency, server.MostAtOnce);
        Assert.InRange(server.Connections, 1, 2 * Concurrency);
    }
}
