using Goodhart.Evaluation.Judges;
using Goodhart.Evaluation.Judges.Chat;
using Goodhart.Testing.Judging;

namespace Goodhart.Evaluation.Tests.Judges;

/// <summary>Pairs with known winners, and a judge in front of a server.</summary>
internal static class Rig
{
    public const string Model = "judge-1";

    /// <summary>A wins where its number is larger.</summary>
    public static ResponsePair Pair(int prompt, int a, int b) =>
        new(FormattableString.Invariant($"post {prompt}"), new JudgedResponse($"summary {a}"), new JudgedResponse($"summary {b}"));

    /// <summary>Alternating winners: A, B, A, ...</summary>
    public static ResponsePair[] Pairs(int count) => [.. Enumerable.Range(0, count).Select(i => Pair(i, i % 2 == 0 ? 9 : 3, 5))];

    public static ChatEndpoint Endpoint(JudgeServer server) => new(server.BaseUrl, Model)
    {
        Concurrency = 4,
        Retries = 3,
        RetryDelay = TimeSpan.FromMilliseconds(10),
        Timeout = TimeSpan.FromSeconds(20),
    };

    public static ChatJudgeOptions Options(JudgeServer server) =>
        new(Endpoint(server), JudgeTemplates.Tldr, PositionOrders.Random, 0, new JudgeLimits(), null);

    public static Task<IReadOnlyList<PairJudgement>> JudgeAsync(
        ChatJudgeOptions options, IReadOnlyList<ResponsePair> pairs, IReplyStore? store = null, IProgress<JudgeProgress>? progress = null,
        CancellationToken cancel = default) => new ChatJudge(options, store ?? new MemoryReplies()).JudgeAsync(pairs, progress, cancel);

    /// <summary>A server that is right, once a call has passed <paramref name="trouble"/>.</summary>
    public static JudgeServer Server(Func<JudgeCall, JudgeAnswer?>? trouble = null) =>
        new(call => trouble?.Invoke(call) ?? JudgeAnswer.Reply(call, call.ByNumber()));

    public static void MustBeRight(IReadOnlyList<PairJudgement> judgements) => Xunit.Assert.All(
        judgements, (judgement, i) => Xunit.Assert.Equal(i % 2 == 0 ? 1.0 : 0.0, judgement.Score));
}
