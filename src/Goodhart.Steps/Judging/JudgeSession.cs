using Goodhart.Evaluation.Judges;
using Goodhart.Evaluation.Judges.Chat;

namespace Goodhart.Steps.Judging;

/// <summary>
/// A judge with a folder: replies that cost something are kept in <c>replies.jsonl</c> there, and never asked for twice. One judging at a
/// time, so that concurrency and budgets are those of all that a study or a run has judged.
/// </summary>
public sealed class JudgeSession : IDisposable
{
    public const string RepliesFile = "replies.jsonl";

    private readonly SemaphoreSlim turn = new(1);
    private readonly JudgeChoice choice;
    private readonly StoredReplies? replies;

    private JudgeSession(JudgeChoice choice, StoredReplies? replies)
    {
        (this.choice, this.replies) = (choice, replies);
        Judge = choice.Create(replies ?? (IReplyStore)new MemoryReplies());
    }

    public IJudge Judge { get; }

    /// <param name="directory">Exists and is ours. Not touched by a judge that keeps nothing.</param>
    /// <exception cref="InvalidDataException">Another process is judging into the folder, or its file is damaged.</exception>
    public static JudgeSession Open(JudgeChoice choice, string directory)
    {
        StoredReplies? replies = choice.KeepsReplies ? StoredReplies.Open(Path.Combine(directory, RepliesFile)) : null;
        try
        {
            return new JudgeSession(choice, replies);
        }
        catch
        {
            replies?.Dispose();
            throw;
        }
    }

    /// <summary>Whether an earlier run has left replies in a folder.</summary>
    public static bool HasReplies(string directory) => File.Exists(Path.Combine(directory, RepliesFile));

    /// <summary>Keeps nothing: for judges that cost nothing, and for forecasts.</summary>
    public static JudgeSession InMemory(JudgeChoice choice) => new(choice, replies: null);

    /// <summary>The judging of pairs as a step; it asks for this session.</summary>
    public JudgePairs StepOf(PairSource pairs) => new()
    {
        Pairs = pairs,
        Judge = Judge.Identity,
        Orders = choice.Orders,
        Seed = choice.Seed,
        Computes = choice.Computes,
    };

    public JudgeForecast Forecast(IReadOnlyList<ResponsePair> pairs) => Judge.Forecast(pairs);

    /// <inheritdoc cref="IJudge.JudgeAsync"/>
    public async Task<IReadOnlyList<PairJudgement>> JudgeAsync(
        IReadOnlyList<ResponsePair> pairs, IProgress<JudgeProgress>? progress, CancellationToken cancel)
    {
        await turn.WaitAsync(cancel).ConfigureAwait(false);
        try
        {
            return await Judge.JudgeAsync(pairs, progress, cancel).ConfigureAwait(false);
        }
        finally
        {
            turn.Release();
        }
    }

    public void Dispose()
    {
        (Judge as IDisposable)?.Dispose();
        replies?.Dispose();
        turn.Dispose();
    }
}
