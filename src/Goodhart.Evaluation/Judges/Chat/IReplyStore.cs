namespace Goodhart.Evaluation.Judges.Chat;

/// <summary>Where replies are kept, so that nothing is paid twice.</summary>
public interface IReplyStore
{
    StoredReply? Find(string key);

    /// <summary>What all that is kept took together, whatever it was asked about: a budget is held against it.</summary>
    /// <returns>Requests, repetitions counted, and US dollars as their usage says; 0 dollars without a price.</returns>
    (long Calls, double Cost) Spent(TokenPrice? price);

    /// <summary>Keeps a reply before anything else is done with it. Called from several threads.</summary>
    void Add(StoredReply reply);
}

/// <summary>A raw reply.</summary>
/// <param name="Key">SHA-256 of judge, prompt, both responses in the order shown, and repetition.</param>
/// <param name="Pair">The pair's id, for readers.</param>
/// <param name="Attempts">Requests that it took.</param>
public sealed record StoredReply(
    string Key, string Pair, bool Swapped, string Reply, string? Model, string? FinishReason, long? InputTokens, long? OutputTokens,
    int Attempts, DateTimeOffset At)
{
    /// <summary>US dollars; an endpoint that does not count costs nothing that could be known.</summary>
    public double Cost(TokenPrice price) => price.Of(InputTokens ?? 0, OutputTokens ?? 0);
}

/// <summary>Keeps replies as long as the process lives.</summary>
public sealed class MemoryReplies : IReplyStore
{
    private readonly System.Collections.Concurrent.ConcurrentDictionary<string, StoredReply> replies = new(StringComparer.Ordinal);

    public StoredReply? Find(string key) => replies.GetValueOrDefault(key);

    public void Add(StoredReply reply) => replies[reply.Key] = reply;

    public (long Calls, double Cost) Spent(TokenPrice? price) =>
        (replies.Values.Sum(reply => (long)reply.Attempts), price is { } known ? replies.Values.Sum(reply => reply.Cost(known)) : 0);
}
