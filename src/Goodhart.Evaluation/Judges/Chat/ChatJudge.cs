using System.Text.Json.Nodes;

namespace Goodhart.Evaluation.Judges.Chat;

/// <summary>How a chat judge works.</summary>
/// <param name="Seed">Of the order in which responses are shown.</param>
/// <param name="Price">Null: unknown, and no cost is told.</param>
public sealed record ChatJudgeOptions(
    ChatEndpoint Endpoint, PromptTemplate Template, PositionOrders Orders, ulong Seed, JudgeLimits Limits, TokenPrice? Price);

/// <summary>A language model behind an OpenAI-compatible endpoint as a judge. Replies are stored before they are read.</summary>
public sealed class ChatJudge : IJudge
{
    private readonly ChatJudgeOptions options;
    private readonly IReplyStore store;
    private (IReadOnlyList<ResponsePair> Pairs, ChatAsk[][] Asks)? last;

    /// <exception cref="InvalidDataException">A limit in money without a price.</exception>
    public ChatJudge(ChatJudgeOptions options, IReplyStore store)
    {
        this.options = options;
        this.store = store;
        if (options.Limits.Cost is not null && options.Price is null)
        {
            throw new InvalidDataException(
                "a budget in money needs the judge's price: --price-in and --price-out, in dollars per million tokens.");
        }

        ChatEndpoint endpoint = options.Endpoint;
        Identity = new JsonObject
        {
            ["kind"] = "chat",
            ["endpoint"] = endpoint.BaseUrl.AbsoluteUri.TrimEnd('/'),
            ["model"] = endpoint.Model,
            ["replyTokens"] = endpoint.ReplyTokens,
            ["request"] = endpoint.Request?.DeepClone(),
            ["template"] = options.Template.Text,
        }.ToJsonString();
    }

    public string Identity { get; }

    public JudgeForecast Forecast(IReadOnlyList<ResponsePair> pairs) => ChatAccount.Of(Asks(pairs), options, store);

    public async Task<IReadOnlyList<PairJudgement>> JudgeAsync(
        IReadOnlyList<ResponsePair> pairs, IProgress<JudgeProgress>? progress, CancellationToken cancel)
    {
        ChatAsk[][] asks = Asks(pairs);
        (long Calls, double Cost) spent = store.Spent(options.Price);
        ChatAccount.RequireWithin(ChatAccount.Of(asks, options, store), options.Limits, spent);
        using ChatRun run = new(options, store, new JudgeBudget(options.Limits, options.Price, spent.Calls, spent.Cost), progress);
        await run.AskAsync([.. asks.SelectMany(ask => ask).DistinctBy(ask => ask.Key)], cancel).ConfigureAwait(false);
        return [.. pairs.Select((pair, i) => new PairJudgement(pair, [.. asks[i].Select(run.VerdictOf)]))];
    }

    /// <summary>Of the last pairs: a forecast and the judging that follows hash them once.</summary>
    private ChatAsk[][] Asks(IReadOnlyList<ResponsePair> pairs)
    {
        if (last is not { } known || known.Pairs != pairs)
        {
            last = known = (
                pairs, [.. pairs.Select(pair => ChatAsk.Of(pair, Identity, options.Template, options.Orders, options.Seed).ToArray())]);
        }

        return known.Asks;
    }
}
