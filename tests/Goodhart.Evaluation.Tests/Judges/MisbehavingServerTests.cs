using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using Goodhart.Evaluation.Judges;
using Goodhart.Evaluation.Judges.Chat;
using Goodhart.Testing.Judging;
using Xunit;

namespace Goodhart.Evaluation.Tests.Judges;

/// <summary>Endpoints fail in every way; verdicts may cost patience but never truth.</summary>
public sealed class MisbehavingServerTests
{
    private static readonly Dictionary<string, JudgeAnswer> Troubles = new()
    {
        ["429"] = new JudgeAnswer("slow down", 429),
        ["500"] = new JudgeAnswer("oops", 500),
        ["503 without a body"] = new JudgeAnswer("", 503),
        ["broken JSON"] = new JudgeAnswer("{\"choices\": [{\"mess"),
        ["other JSON"] = new JudgeAnswer("[1, 2]"),
        ["one name twice"] = new JudgeAnswer("{\"choices\": [], \"choices\": []}"),
        ["no choices"] = new JudgeAnswer("{\"choices\": []}"),
        ["half closed"] = new JudgeAnswer("{\"choices\": [{", Manner: Manner.HalfClosed),
        ["dropped"] = new JudgeAnswer("", Manner: Manner.Dropped),
        ["too slow"] = new JudgeAnswer("{}") { Delay = TimeSpan.FromMinutes(1) },
    };

    public static TheoryData<string> PassingTroubles => [.. Troubles.Keys];

    [Theory]
    [MemberData(nameof(PassingTroubles))]
    public async Task What_passes_is_tried_again(string name)
    {
        JudgeAnswer trouble = Troubles[name];
        await using JudgeServer server = Rig.Server(call => call.Number <= 3 ? trouble : null);
        ChatJudgeOptions options = Rig.Options(server);
        Rig.MustBeRight(await Rig.JudgeAsync(
            options with
            {
                Endpoint = options.Endpoint with { Timeout = TimeSpan.FromSeconds(trouble.Delay > TimeSpan.Zero ? 1.5 : 20) },
            }, Rig.Pairs(6)));
        Assert.True(server.Calls.Count >= 9, $"{server.Calls.Count} calls");
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Retry_After_is_waited_for_by_all(bool date)
    {
        long until = 0;
        int early = 0;
        await using JudgeServer server = Rig.Server(call =>
        {
            if (call.Number == 1)
            {
                Volatile.Write(ref until, Stopwatch.GetTimestamp() + (Stopwatch.Frequency * 9 / 10));
                string when = date ? DateTimeOffset.UtcNow.AddSeconds(2.5).ToString("R", CultureInfo.InvariantCulture) : "1";
                return new JudgeAnswer("slow down", 429) { Headers = [$"Retry-After: {when}"] };
            }

            Interlocked.Add(ref early, Stopwatch.GetTimestamp() < Volatile.Read(ref until) ? 1 : 0);
            return null;
        });
        ChatJudgeOptions options = Rig.Options(server);
        Rig.MustBeRight(await Rig.JudgeAsync(options with { Endpoint = options.Endpoint with { Concurrency = 1 } }, Rig.Pairs(4)));
        Assert.Equal((5, 0), (server.Calls.Count, early));
    }

    [Fact]
    public async Task A_date_is_read_by_the_endpoints_own_clock()
    {
        DateTimeOffset fast = DateTimeOffset.UtcNow.AddHours(3);
        await using JudgeServer server = Rig.Server(call => call.Number == 1
            ? new JudgeAnswer("slow down", 503) { Headers = [$"Date: {fast:R}", $"Retry-After: {fast.AddSeconds(1):R}"] }
            : null);
        Rig.MustBeRight(await Rig.JudgeAsync(Rig.Options(server), Rig.Pairs(4)));
        Assert.Equal(5, server.Calls.Count);
    }

    [Fact]
    public async Task What_is_waited_for_is_told()
    {
        await using JudgeServer server = Rig.Server(call => call.Number == 1 ? new JudgeAnswer("overloaded", 500) : null);
        Told told = new();
        Rig.MustBeRight(await Rig.JudgeAsync(Rig.Options(server), Rig.Pairs(4), progress: told));
        string trouble = Assert.Single(told.Troubles);
        Assert.Contains("overloaded; try 2 of 4 in ", trouble, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_wait_of_a_day_is_not_waited_for()
    {
        await using JudgeServer server = Rig.Server(_ => new JudgeAnswer("quota", 429) { Headers = ["Retry-After: 86400"] });
        JudgeException fault = await Assert.ThrowsAsync<JudgeException>(() => Rig.JudgeAsync(Rig.Options(server), Rig.Pairs(20)));
        Assert.Contains("429", fault.Message, StringComparison.Ordinal);
        Assert.InRange(server.Calls.Count, 1, 4);
    }

    [Theory]
    [InlineData(401, "Check the key")]
    [InlineData(404, "--base-url")]
    public async Task A_wrong_key_or_address_ends_the_run_at_once(int status, string hint)
    {
        await using JudgeServer server = Rig.Server(_ => new JudgeAnswer($"{{\"error\":\"no\u0007 {new string('x', 500)}\"}}", status));
        JudgeException fault = await Assert.ThrowsAsync<JudgeException>(() => Rig.JudgeAsync(Rig.Options(server), Rig.Pairs(50)));
        Assert.Contains($"{server.BaseUrl}/chat/completions answered {status}", fault.Message, StringComparison.Ordinal);
        Assert.Contains(hint, fault.Message, StringComparison.Ordinal);
        Assert.Contains("{\"error\":\"no  xxx", fault.Message, StringComparison.Ordinal);
        Assert.True(fault.Message.Length < 500);
        Assert.InRange(server.Calls.Count, 1, 8);
    }

    [Fact]
    public async Task A_redirect_is_told_and_not_followed()
    {
        await using JudgeServer elsewhere = Rig.Server();
        await using JudgeServer server = Rig.Server(
            _ => new JudgeAnswer("", 308) { Headers = [$"Location: {elsewhere.BaseUrl}/chat/completions"] });
        JudgeException fault = await Assert.ThrowsAsync<JudgeException>(() => Rig.JudgeAsync(Rig.Options(server), Rig.Pairs(20)));
        Assert.Contains($"It points to {elsewhere.BaseUrl}/chat/completions", fault.Message, StringComparison.Ordinal);
        Assert.Empty(elsewhere.Calls);
    }

    [Fact]
    public async Task A_reply_with_a_count_in_another_form_is_a_reply()
    {
        await using JudgeServer server = new(call =>
        {
            JudgeAnswer right = JudgeAnswer.Reply(call, call.ByNumber());
            return right with
            {
                Body = right.Body.Replace("\"prompt_tokens\":100", "\"prompt_tokens\":\"many\"", StringComparison.Ordinal),
            };
        });
        MemoryReplies store = new();
        Rig.MustBeRight(await Rig.JudgeAsync(Rig.Options(server), Rig.Pairs(4), store));
        Assert.Equal(4, server.Calls.Count);
    }

    [Fact]
    public async Task Another_models_answer_is_none()
    {
        await using JudgeServer server = new(call => JudgeAnswer.Reply(call, call.ByNumber(), model: "cheaper"));
        JudgeException fault = await Assert.ThrowsAsync<JudgeException>(() => Rig.JudgeAsync(Rig.Options(server), Rig.Pairs(20)));
        Assert.Contains("asked for model judge-1, but cheaper answered", fault.Message, StringComparison.Ordinal);

        ChatJudgeOptions options = Rig.Options(server);
        Rig.MustBeRight(await Rig.JudgeAsync(options with { Endpoint = options.Endpoint with { ServedAs = "cheaper" } }, Rig.Pairs(4)));
        await using JudgeServer dated = new(call => JudgeAnswer.Reply(call, call.ByNumber(), model: "judge-1-2024-08-06"));
        Rig.MustBeRight(await Rig.JudgeAsync(Rig.Options(dated), Rig.Pairs(4)));
    }

    [Fact]
    public async Task An_endless_answer_is_cut_and_counted()
    {
        await using JudgeServer server = Rig.Server(call => call.Prompt == "post 3" ? new JudgeAnswer("{", Manner: Manner.Endless) : null);
        IReadOnlyList<PairJudgement> judgements = await Rig.JudgeAsync(Rig.Options(server), Rig.Pairs(6));
        Assert.Equal(MissingReason.Refused, judgements[3].Orders[0].Missing);
        Rig.MustBeRight([judgements[0], judgements[1], judgements[2]]);
    }

    [Fact]
    public async Task A_refused_pair_is_missing_and_the_others_are_not()
    {
        await using JudgeServer server = Rig.Server(call => call.Prompt == "post 2" ? new JudgeAnswer("content filter", 400) : null);
        IReadOnlyList<PairJudgement> judgements = await Rig.JudgeAsync(Rig.Options(server), Rig.Pairs(4));
        Assert.Equal((MissingReason.Refused, null), (judgements[2].Orders[0].Missing, judgements[2].Score));
        Assert.Contains(
            "answered 400 BadRequest: content filter",
            Evaluation.Judges.Reports.WinRate.Of(judgements).FirstRefusal,
            StringComparison.Ordinal);
        Assert.Contains(
            "content filter",
            Assert.Throws<JudgeException>(() => Evaluation.Judges.Reports.WinRate.Of([judgements[2]])).Message,
            StringComparison.Ordinal);
        Assert.Equal(4, server.Calls.Count);
        Assert.Equal(
            (3, 1), (judgements.Count(judgement => judgement.Score is not null), Evaluation.Judges.Reports.WinRate.Of(judgements).Refused));
    }

    [Fact]
    public async Task A_pair_without_an_answer_fails_the_run_but_costs_no_other_verdict()
    {
        bool broken = true;
        await using JudgeServer server = Rig.Server(call => broken && call.Prompt == "post 2" ? new JudgeAnswer("oops", 500) : null);
        MemoryReplies store = new();
        JudgeException fault = await Assert.ThrowsAsync<JudgeException>(() => Rig.JudgeAsync(Rig.Options(server), Rig.Pairs(6), store));
        Assert.Contains("1 of 6 questions has no answer after 4 tries each", fault.Message, StringComparison.Ordinal);
        Assert.Equal(5 + 4, server.Calls.Count);
        broken = false;
        Rig.MustBeRight(await Rig.JudgeAsync(Rig.Options(server), Rig.Pairs(6), store));
        Assert.Equal(10, server.Calls.Count);
    }

    [Fact]
    public async Task A_dead_server_is_given_up_on()
    {
        JudgeServer server = Rig.Server();
        ChatJudgeOptions options = Rig.Options(server);
        await server.DisposeAsync();
        JudgeException fault = await Assert.ThrowsAsync<JudgeException>(() => Rig.JudgeAsync(options, Rig.Pairs(200)));
        Assert.Contains(options.Endpoint.BaseUrl.AbsoluteUri, fault.Message, StringComparison.Ordinal);
        Assert.Contains("refused. What was judged is kept", fault.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_interruption_waits_for_what_is_under_way_and_loses_nothing()
    {
        using CancellationTokenSource cancel = new();
        await using JudgeServer server = Rig.Server(call =>
        {
            if (call.Number == 10)
            {
                cancel.Cancel();
            }

            return JudgeAnswer.Reply(call, call.ByNumber()) with { Delay = TimeSpan.FromMilliseconds(100) };
        });
        MemoryReplies store = new();
        Told told = new();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(
            () => Rig.JudgeAsync(Rig.Options(server), Rig.Pairs(60), store, told, cancel.Token));
        Assert.Contains("replies under way, since they are paid: 20 s at most", Assert.Single(told.Troubles), StringComparison.Ordinal);
        Assert.InRange(server.Calls.Count, 10, 14);
        Rig.MustBeRight(await Rig.JudgeAsync(Rig.Options(server), Rig.Pairs(60), store));
        Assert.Equal(60, server.Calls.Count);   // none twice
    }

    private sealed class Told : IProgress<JudgeProgress>
    {
        private readonly ConcurrentQueue<string> troubles = new();

        public IReadOnlyCollection<string> Troubles => troubles;

        public void Report(JudgeProgress value)
        {
            if (value.Trouble is { } trouble)
            {
                troubles.Enqueue(trouble);
            }
        }
    }
}
