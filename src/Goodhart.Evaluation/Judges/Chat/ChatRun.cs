using System.Collections.Concurrent;

namespace Goodhart.Evaluation.Judges.Chat;

/// <summary>Puts questions to the endpoint, several at once, until all are answered.</summary>
internal sealed class ChatRun(ChatJudgeOptions options, IReplyStore store, JudgeBudget budget) : IDisposable
{
    /// <summary>So many failures in a row, and no success between, mean that the endpoint is not there for us.</summary>
    private const int HopelessFailures = 8;

    /// <summary>What is asked is paid: on an interruption, replies under way are waited for this long.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    private readonly RetryingClient client = new(options.Endpoint);
    private readonly ConcurrentDictionary<string, MissingReason> refused = new(StringComparer.Ordinal);
    private readonly ConcurrentQueue<EndpointException> failures = new();
    private int inARow;
    private int done;
    private Exception? fatal;

    /// <exception cref="JudgeException">Some questions have no answer; those that have are stored.</exception>
    public async Task AskAsync(ChatAsk[] asks, IProgress<JudgeProgress>? progress, CancellationToken cancel)
    {
        ChatAsk[] open = [.. asks.Where(ask => store.Find(ask.Key) is null)];
        done = asks.Length - open.Length;
        progress?.Report(new JudgeProgress(done, asks.Length, budget.Cost));
        using CancellationTokenSource abort = new();
        using CancellationTokenSource stop = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        using CancellationTokenRegistration patience = stop.Token.Register(() => abort.CancelAfter(Patience));
        int next = -1;
        await Task.WhenAll(Enumerable.Range(0, Math.Min(options.Endpoint.Concurrency, open.Length)).Select(_ => Task.Run(
            async () =>
            {
                int index;
                while (!stop.IsCancellationRequested && (index = Interlocked.Increment(ref next)) < open.Length)
                {
                    if (!await AnswerAsync(open[index], stop, abort.Token).ConfigureAwait(false))
                    {
                        break;
                    }

                    progress?.Report(new JudgeProgress(Interlocked.Increment(ref done), asks.Length, budget.Cost));
                }
            },
            CancellationToken.None))).ConfigureAwait(false);
        Conclude(asks.Length, cancel);
    }

    public OrderedVerdict VerdictOf(ChatAsk ask) => refused.TryGetValue(ask.Key, out MissingReason reason)
        ? new OrderedVerdict(ask.Swapped, null, reason)
        : ask.Read(store.Find(ask.Key)!);

    public void Dispose() => client.Dispose();

    /// <returns>Whether to go on.</returns>
    private async Task<bool> AnswerAsync(ChatAsk ask, CancellationTokenSource stop, CancellationToken abort)
    {
        double most = ChatAccount.MostOf(ask, options);
        int attempts = 0;
        void Take()
        {
            if (attempts > 0)
            {
                budget.Settle(most, 0);   // the failed one; what it cost is not known
            }

            budget.Take(most);
            attempts++;
        }

        try
        {
            uint item = Convert.ToUInt32(ask.Key[..8], 16);
            ChatReply reply = await client.SendAsync(options.Template.System, ask.User, item, Take, stop.Token, abort).ConfigureAwait(false);
            StoredReply stored = new(
                ask.Key, ask.Pair.Id, ask.Swapped, reply.Text, reply.Model, reply.FinishReason, reply.InputTokens, reply.OutputTokens, attempts, DateTimeOffset.UtcNow);
            store.Add(stored);
            budget.Settle(most, options.Price is { } price ? ChatAccount.Cost(stored, price) : 0);
            Interlocked.Exchange(ref inARow, 0);
            return true;
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            return false;
        }
        catch (EndpointException failure)
        {
            budget.Settle(most, 0);
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

    private async Task<bool> NoteAsync(ChatAsk ask, EndpointException failure, CancellationTokenSource stop)
    {
        if (failure.Kind == FailureKind.Refused)
        {
            refused[ask.Key] = MissingReason.Refused;
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

    private void Conclude(int total, CancellationToken cancel)
    {
        switch (fatal)
        {
            case EndpointException failure:
                throw new JudgeException($"the judge gives no answers: {failure.Message} What was judged is kept; run the same command again to go on.", failure);
            case { } other:
                throw other is JudgeException ? other : new JudgeException($"judging stopped: {other.Message}", other);
        }

        cancel.ThrowIfCancellationRequested();
        if (failures.TryPeek(out EndpointException? first))
        {
            throw new JudgeException(FormattableString.Invariant(
                $"{failures.Count} of {total} questions have no answer after {options.Endpoint.Retries + 1} tries each; the first: {first.Message} The answers to the others are kept; run the same command again to ask for the rest."),
                first);
        }
    }
}
