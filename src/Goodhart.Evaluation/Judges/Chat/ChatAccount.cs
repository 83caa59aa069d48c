using System.Globalization;
using Goodhart.Text;

namespace Goodhart.Evaluation.Judges.Chat;

/// <summary>What a set of questions has cost and will cost.</summary>
internal static class ChatAccount
{
    /// <summary>Tokens that an endpoint adds around the messages.</summary>
    private const int Overhead = 16;

    public static JudgeForecast Of(ChatAsk[][] asks, ChatJudgeOptions options, IReplyStore store)
    {
        ChatAsk[] distinct = [.. asks.SelectMany(ask => ask).DistinctBy(ask => ask.Key)];
        ChatAsk[] open = [.. distinct.Where(ask => store.Find(ask.Key) is null)];
        StoredReply[] paid = [.. distinct.Select(ask => store.Find(ask.Key)).OfType<StoredReply>()];
        long input = open.Sum(ask => InputTokens(ask, options.Template));
        long output = (long)open.Length * options.Endpoint.ReplyTokens;
        return new JudgeForecast(
            asks.Length, distinct.Length, asks.Count(ask => ask.Length == 0), paid.Length, open.Length, input, output,
            options.Price?.Of(input, output),
            paid.Sum(reply => (long)reply.Attempts),
            paid.Sum(reply => (reply.InputTokens ?? 0) + (reply.OutputTokens ?? 0)),
            options.Price is { } price ? paid.Sum(reply => reply.Cost(price)) : null);
    }

    /// <param name="spent">Before, on these questions and others: interrupting does not refill a budget.</param>
    /// <exception cref="InvalidDataException">The work would pass a limit; nothing was asked.</exception>
    public static void RequireWithin(JudgeForecast forecast, JudgeLimits limits, (long Calls, double Cost) spent)
    {
        long calls = forecast.Calls + spent.Calls;
        if (forecast.Calls > 0 && limits.Calls is { } allowed && calls > allowed)
        {
            throw new InvalidDataException(string.Create(
                CultureInfo.InvariantCulture,
                $"the judge would be asked {Quantity.Of(calls, "time", format: "N0")}{Before(spent.Calls)}, over the budget of "
                    + $"{Quantity.Of(allowed, "call", format: "N0")}. ")
                    + "Raise --max-calls (in a study judge.maxCalls) or lower --limit; nothing was asked.");
        }

        double cost = (forecast.Cost ?? 0) + spent.Cost;
        if (forecast.Calls > 0 && limits.Cost is { } money && cost > money)
        {
            throw new InvalidDataException(FormattableString.Invariant(
                $"the judge would cost up to ${cost:0.0000}, over the budget of ${money:0.00##}. Raise --max-cost (judge.maxCost), ")
                    + "or lower --limit or --reply-tokens; nothing was asked.");
        }
    }

    public static double MostOf(ChatAsk ask, ChatJudgeOptions options) =>
        options.Price?.Of(InputTokens(ask, options.Template), options.Endpoint.ReplyTokens) ?? 0;

    private static string Before(long paid) => paid == 0 ? "" : FormattableString.Invariant($" in all, {paid:N0} of them before");

    private static long InputTokens(ChatAsk ask, PromptTemplate template) =>
        Overhead + TokenPrice.EstimateTokens(ask.User) + TokenPrice.EstimateTokens(template.System ?? "");
}
