using System.Collections.Concurrent;
using System.Globalization;
using Goodhart.Text;

namespace Goodhart.Evaluation.Judges.Chat;

/// <summary>Puts questions to the endpoint, several at once, until all are answered.</summary>
internal sealed class ChatRun : IDisposable
{
    /// <summary>Sixty-four requests meet the same trouble at once: it is told once in so many milliseconds.</summary>
    private const int ComplaintPause = 5000;

    /// <summary>So many failures in a row, and no success between, mean that the endpoint is not there for us.</summary>
    private const int HopelessFailures = 8;

    private readonly ChatJudgeOptions options;
    private readonly IReplyStore store;
    private readonly JudgeBudget budget;
    private readonly IProgress<JudgeProgress>? progress;
    private readonly ChatClient client;
    private readonly Retrying repetition;
    private readonly ConcurrentDictionary<string, string> refused = new(StringComparer.Ordinal);
    private readonly ConcurrentQueue<EndpointException> failures = new();
    private long lastComplaint = long.MinValue / 2;
    private int total;
    private int done;
    private int underWay;
    private int inARow;
    private Exception? fatal;

    /// <param name="progress">Called from several threads.</param>
    public ChatRun(ChatJudgeOptions options, IReplyStore store, JudgeBudget budget, IProgress<JudgeProgress>? progress)
    {
        (this.options, this.store, this.budget, this.progress) = (options, store, budget, progress);
        client = new ChatClient(options.Endpoint);
        repetition = new Retrying(options.Endpoint, Complain);
    }

    /// <param name="cancel">Ends waiting; a request under way is paid, so its reply is waited for, as long as its time-out allows.</param>
    /// <exception cref="JudgeException">Some questions have no answer; those that have are stored.</exception>
    public async Task AskAsync(ChatAsk[] asks, CancellationToken cancel)
    {
        ChatAsk[] open = [.. asks.Where(ask => store.Find(ask.Key) is null)];
        (total, done) = (asks.Length, asks.Length - open.Length);
        Tell(null);
        using CancellationTokenSource stop = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        using CancellationTokenRegistration words = cancel.Register(() => Tell(Waiting(Volatile.Read(ref underWay))));
        int next = -1;
        await Task.WhenAll(Enumerable.Range(0, Math.Min(options.Endpoint.Concurrency, open.Length)).Select(_ => Task.Run(
            async () =>
            {
                int index;
                while (!stop.IsCancellationRequested && (index = Interlocked.Increment(ref next)) < open.Length
                    && await AnswerAsync(open[index], stop).ConfigureAwait(false))
                {
                    Interlocked.Increment(ref done);
                    Tell(null);
                }
            },
            CancellationToken.None))).ConfigureAwait(false);
        Conclude(cancel);
    }

    public OrderedVerdict VerdictOf(ChatAsk ask) => refused.TryGetValue(ask.Key, out string? why)
        ? new OrderedVerdict(ask.Swapped, null, MissingReason.Refused, Why: why)
        : ask.Read(store.Find(ask.Key)!);

    public void Dispose() => client.Dispose();

    private void Tell(string? trouble) => progress?.Report(new JudgeProgress(Volatile.Read(ref done), total, budget.Cost, trouble));

    private void Complain(string trouble)
    {
        long now = Environment.TickCount64;
        long last = Volatile.Read(ref lastComplaint);
        if (now - last >= ComplaintPause && Interlocked.CompareExchange(ref lastComplaint, now, last) == last)
        {
            Tell(trouble);
        }
    }

    /// <returns>Whether to go on.</returns>
    private async Task<bool> AnswerAsync(ChatAsk ask, CancellationTokenSource stop)
    {
        int attempts = 0;
        try
        {
            ChatReply reply = await repetition.ExecuteAsync(
                () =>
                {
                    attempts++;
                    return AttemptAsync(ask);
                },
                Convert.ToUInt32(ask.Key[..8], 16),
                stop.Token).ConfigureAwait(false);
            store.Add(new StoredReply(
                ask.Key, ask.Pair.Id, ask.Swapped, reply.Text, reply.Model, reply.FinishReason, reply.InputTokens, reply.OutputTokens,
                attempts, DateTimeOffset.UtcNow));
            Interlocked.Exchange(ref inARow, 0);
            return true;
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            return false;
        }
        catch (EndpointException failure)
        {
            return await NoteAsync(ask, failure, stop).ConfigureAwait(false);
        }
        catch (Exception broken)
        {
            // The budget is used up, or the disk is full: nothing more is asked.
            Interlocked.CompareExchange(ref fatal, broken, null);
            await stop.CancelAsync().ConfigureAwait(false);
            return false;
        }
    }

    private async Task<ChatReply> AttemptAsync(ChatAsk ask)
    {
        double most = ChatAccount.MostOf(ask, options);
        budget.Take(most);
        Interlocked.Increment(ref underWay);
        double paid = 0;
        try
        {
            ChatReply reply = await client.SendAsync(options.Template.System, ask.User).ConfigureAwait(false);
            paid = options.Price?.Of(reply.InputTokens ?? 0, reply.OutputTokens ?? 0) ?? 0;
            return reply;
        }
        catch (EndpointException failure) when (failure.MayBePaid)
        {
            paid = most;
            throw;
        }
        finally
        {
            Interlocked.Decrement(ref underWay);
            budget.Settle(most, paid);
        }
    }

    private async Task<bool> NoteAsync(ChatAsk ask, EndpointException failure, CancellationTokenSource stop)
    {
        if (failure.Kind == FailureKind.Refused)
        {
            refused[ask.Key] = failure.Message;
        }
        else
        {
            failures.Enqueue(failure);
        }

        bool hopeless = Interlocked.Increment(ref inARow) >= HopelessFailures || failure.RetryAfter > options.Endpoint.LongestWait;
        if (failure.Kind == FailureKind.Fatal || hopeless)
        {
            Interlocked.CompareExchange(ref fatal, failure, null);
            await stop.CancelAsync().ConfigureAwait(false);
            return false;
        }

        return true;
    }

    private void Conclude(CancellationToken cancel)
    {
        switch (fatal)
        {
            case EndpointException failure:
                throw new JudgeException($"the judge gives no answers: {Sentence(failure.Message)} What was judged is kept; "
                    + $"run the same command again to go on.", failure);
            case { } other:
                throw other is JudgeException ? other : new JudgeException($"judging stopped: {other.Message}", other);
        }

        cancel.ThrowIfCancellationRequested();
        if (failures.TryPeek(out EndpointException? first))
        {
            throw new JudgeException(string.Create(
                CultureInfo.InvariantCulture,
                $"{failures.Count} of {Quantity.Of(total, "question")} {Quantity.Noun(failures.Count, "has", "have")} no answer after "
                    + $"{Quantity.Of(options.Endpoint.Retries + 1, "try", "tries")} each; the first: ")
                    + FormattableString.Invariant($"{Sentence(first.Message)} The answers to the others are kept; run the same command ")
                    + FormattableString.Invariant($"again to ask for the rest."),
                first);
        }
    }

    private string Waiting(int replies) =>
        $"waiting for {Quantity.Of(replies, "reply", "replies")} under way, since {Quantity.Noun(replies, "it is", "they are")} paid: "
        + FormattableString.Invariant($"{options.Endpoint.Timeout.TotalSeconds:0.#} s at most");

    private static string Sentence(string message) => message.EndsWith('.') ? message : message + ".";
}
