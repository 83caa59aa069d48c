using Goodhart.Evaluation.Judges;
using Goodhart.Evaluation.Judges.Chat;

namespace Goodhart.Steps.Judging;

/// <summary>
/// A study's chat judge, shared by its steps. Replies are kept in <c>replies.jsonl</c> of the study's folder. One checkpoint is judged at a
/// time, so that concurrency and budgets are the whole study's.
/// </summary>
public sealed class StudyJudge : IDisposable
{
    private readonly SemaphoreSlim turn = new(1);
    private readonly ChatJudgeOptions options;
    private readonly StoredReplies replies;

    private StudyJudge(ChatJudgeOptions options, StoredReplies replies) => (this.options, this.replies) = (options, replies);

    /// <summary>Opens the replies; before the first step, so that hours of training do not end here.</summary>
    /// <param name="directory">The study's.</param>
    /// <exception cref="InvalidDataException">Another process judges into the folder.</exception>
    public static StudyJudge Open(ChatJudgeOptions options, string directory) =>
        new(options, StoredReplies.Open(Path.Combine(directory, JudgeSession.RepliesFile)));

    /// <inheritdoc cref="IJudge.JudgeAsync"/>
    public async Task<IReadOnlyList<PairJudgement>> JudgeAsync(
        IReadOnlyList<ResponsePair> pairs, IProgress<JudgeProgress>? progress, CancellationToken cancel)
    {
        await turn.WaitAsync(cancel).ConfigureAwait(false);
        try
        {
            JudgeForecast own = new ChatJudgeChoice(options).Create(replies).Forecast(pairs);
            return await new ChatJudgeChoice(options with { Limits = Left(own) }).Create(replies)
                .JudgeAsync(pairs, progress, cancel).ConfigureAwait(false);
        }
        finally
        {
            turn.Release();
        }
    }

    /// <summary>Closes the replies.</summary>
    public void Dispose()
    {
        replies.Dispose();
        turn.Dispose();
    }

    /// <summary>
    /// What the other checkpoints have left of the study's budget; the checkpoint's own stored replies count in its own judging.
    /// </summary>
    private JudgeLimits Left(JudgeForecast own) => new(
        options.Limits.Calls is { } calls ? (int)Math.Max(0, calls - (replies.Attempts - own.PaidCalls)) : null,
        options.Limits.Cost is { } cost ? Math.Max(0, cost - (replies.Cost(options.Price!.Value) - (own.PaidCost ?? 0))) : null);
}
