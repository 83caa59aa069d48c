using Goodhart.Evaluation.Judges;
using Goodhart.Evaluation.Judges.Chat;
using Goodhart.Testing.Judging;
using Xunit;

namespace Goodhart.Evaluation.Tests.Judges;

/// <summary>What an endpoint is asked and paid: never more than was allowed, and told to the cent.</summary>
public sealed class JudgeBudgetTests
{
    [Fact]
    public async Task Budgets_hold()
    {
        await using JudgeServer server = Rig.Server();
        ChatJudgeOptions options = Rig.Options(server);
        InvalidDataException refused = await Assert.ThrowsAsync<InvalidDataException>(
            () => Rig.JudgeAsync(options with { Limits = new JudgeLimits(Calls: 9) }, Rig.Pairs(10)));
        Assert.Contains("asked 10 times, over the budget of 9", refused.Message, StringComparison.Ordinal);
        refused = await Assert.ThrowsAsync<InvalidDataException>(
            () => Rig.JudgeAsync(options with { Limits = new JudgeLimits(Cost: 0.001), Price = new TokenPrice(10, 30) }, Rig.Pairs(10)));
        Assert.Contains("over the budget of $0.001", refused.Message, StringComparison.Ordinal);
        Assert.Throws<InvalidDataException>(() => new ChatJudge(options with { Limits = new JudgeLimits(Cost: 1) }, new MemoryReplies()));
        Assert.Empty(server.Calls);

        // Repetitions are calls too: what the forecast could not know ends the run.
        await using JudgeServer flaky = Rig.Server(call => call.Number % 2 == 1 ? new JudgeAnswer("oops", 500) : null);
        MemoryReplies store = new();
        ChatJudgeOptions limited = Rig.Options(flaky) with
        {
            Limits = new JudgeLimits(Calls: 12),
            Endpoint = Rig.Endpoint(flaky) with { Concurrency = 1 },
        };
        JudgeException ended = await Assert.ThrowsAsync<JudgeException>(() => Rig.JudgeAsync(limited, Rig.Pairs(10), store));
        Assert.Contains("budget of 12 calls is used up", ended.Message, StringComparison.Ordinal);
        Assert.Equal(12, flaky.Calls.Count);

        // What they took counts when the run is resumed, before anything is asked; a budget that nothing is asked of is none.
        Assert.Contains("asked 16 times in all, 12 of them before, over the budget of 12", (await Assert.ThrowsAsync<InvalidDataException>(
            () => Rig.JudgeAsync(limited, Rig.Pairs(10), store))).Message, StringComparison.Ordinal);
        Assert.Equal(12, flaky.Calls.Count);
        Assert.Equal(
            6, (await Rig.JudgeAsync(limited with { Limits = new JudgeLimits(Calls: 1) }, [.. Rig.Pairs(10).Where(Stored)], store)).Count);
        bool Stored(ResponsePair pair) => new ChatJudge(limited, store).Forecast([pair]).Stored == 1;
    }

    [Fact]
    public async Task A_budget_is_of_all_replies_that_are_kept()
    {
        await using JudgeServer server = Rig.Server();
        ChatJudgeOptions limited = Rig.Options(server) with { Limits = new JudgeLimits(Calls: 10) };
        MemoryReplies store = new();
        await Rig.JudgeAsync(limited, [.. Rig.Pairs(12).Take(6)], store);
        Assert.Contains("asked 12 times in all, 6 of them before, over the budget of 10", (await Assert.ThrowsAsync<InvalidDataException>(
            () => Rig.JudgeAsync(limited, [.. Rig.Pairs(12).Skip(6)], store))).Message, StringComparison.Ordinal);
        Assert.Equal(6, server.Calls.Count);
        Assert.Equal(4, (await Rig.JudgeAsync(limited, [.. Rig.Pairs(12).Skip(8)], store)).Count);
        Assert.Equal(10, server.Calls.Count);
    }

    [Theory]
    [InlineData(false, 2)]
    [InlineData(true, 1)]
    public async Task A_request_that_was_perhaps_answered_is_perhaps_paid(bool late, int calls)
    {
        JudgeAnswer trouble = late ? new JudgeAnswer("{}") { Delay = TimeSpan.FromSeconds(30) } : new JudgeAnswer("slow down", 429);
        await using JudgeServer server = Rig.Server(call => call.Number == 1 ? trouble : null);
        ChatJudgeOptions priced = Rig.Options(server) with { Price = new TokenPrice(10, 30) };
        double most = new ChatJudge(priced, new MemoryReplies()).Forecast(Rig.Pairs(1)).Cost!.Value;
        Task<IReadOnlyList<PairJudgement>> judging = Rig.JudgeAsync(
            priced with
            {
                Limits = new JudgeLimits(Cost: 1.5 * most),
                Endpoint = priced.Endpoint with { Timeout = TimeSpan.FromSeconds(late ? 1 : 20) },
            }, Rig.Pairs(1));
        if (late)
        {
            Assert.Contains("is used up", (await Assert.ThrowsAsync<JudgeException>(() => judging)).Message, StringComparison.Ordinal);
        }
        else
        {
            Rig.MustBeRight(await judging);
        }

        Assert.Equal(calls, server.Calls.Count);
    }

    [Fact]
    public async Task The_price_is_that_of_the_tokens_used()
    {
        await using JudgeServer server = Rig.Server();
        MemoryReplies store = new();
        ChatJudge judge = new(Rig.Options(server) with { Price = new TokenPrice(10, 30) }, store);
        JudgeForecast before = judge.Forecast(Rig.Pairs(10));
        Assert.Equal((10 * 256, 0.0), (before.OutputTokens, before.PaidCost));
        Assert.Equal(((before.InputTokens * 10) + (2560 * 30)) / 1e6, before.Cost!.Value, 12);
        await judge.JudgeAsync(Rig.Pairs(10), null, default);
        JudgeForecast after = judge.Forecast(Rig.Pairs(10));
        Assert.Equal((0, 10, 1200L), (after.Calls, after.Stored, after.PaidTokens));
        Assert.Equal(10 * ((100 * 10) + (20 * 30)) / 1e6, after.PaidCost!.Value, 12);
    }
}
