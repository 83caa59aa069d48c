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

    /// <exception cref="InvalidDataException">A limit in money without a price.</exception>
    public ChatJudge(ChatJudgeOptions options, IReplyStore store)
    {
        this.options = options;
        this.store = store;
        if (options.Limits.Cost is not null && options.Price is null)
        {
            throw new InvalidDataException("a budget in money needs the judge's price: --price-in and --price-out, in dollars per million tokens.");
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

    public JudgeForecast Forecast(IReadOnlyList<ResponsePair> pairs) => ChatAccount.Of(Asks(pairs), pairs, options, store);

    public async Task<IReadOnlyList<PairJudgement>> JudgeAsync(
        IReadOnlyList<ResponsePair> pairs, IProgress<JudgeProgress>? progress, CancellationToken cancel)
    {
        ChatAsk[][] asks = Asks(pairs);
        JudgeForecast forecast = ChatAccount.Of(asks, pairs, options, store);
        ChatAccount.RequireWithin(forecast, options.Limits);
        using ChatRun run = new(options, store, ChatAccount.Open(asks, options, store));
        await run.AskAsync([.. asks.SelectMany(ask => ask).DistinctBy(ask => ask.Key)], progress, cancel).ConfigureAwait(false);
        return [.. pairs.Select((pair, i) => new PairJudgement(pair, [.. asks[i].Select(run.VerdictOf)]))];
    }

    private ChatAsk[][] Asks(IReadOnlyList<ResponsePair> pairs) =>
        [.. pairs.Select(pair => ChatAsk.Of(pair, Identity, options.Template, options.Orders, options.Seed).ToArray())];
}
