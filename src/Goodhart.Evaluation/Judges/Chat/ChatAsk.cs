using System.Buffers;
using System.Security.Cryptography;
using System.Text.Json;

namespace Goodhart.Evaluation.Judges.Chat;

/// <summary>One question to a chat judge: a pair in one order.</summary>
internal sealed class ChatAsk
{
    private readonly PromptTemplate template;

    private ChatAsk(ResponsePair pair, bool swapped, string key, PromptTemplate template)
    {
        Pair = pair;
        Swapped = swapped;
        Key = key;
        Code = VerdictLine.Code(key, pair.Prompt, pair.A.Text, pair.B.Text);
        this.template = template;
    }

    public ResponsePair Pair { get; }

    /// <summary>Whether B is shown first.</summary>
    public bool Swapped { get; }

    public string Key { get; }

    public string Code { get; }

    /// <summary>The user message, made anew each time: a hundred thousand of them would fill the memory.</summary>
    public string User => Swapped
        ? template.Render(Pair.Prompt, Pair.B.Text, Pair.A.Text, Code)
        : template.Render(Pair.Prompt, Pair.A.Text, Pair.B.Text, Code);

    /// <summary>The questions that a pair needs.</summary>
    public static IReadOnlyList<ChatAsk> Of(ResponsePair pair, string judge, PromptTemplate template, PositionOrders orders, ulong seed)
    {
        if (pair.A.Text == pair.B.Text)   // whether it was ended or cut is not shown
        {
            return [];
        }

        return orders == PositionOrders.Both
            ? [Ask(pair, false, judge, template), Ask(pair, true, judge, template)]
            : [Ask(pair, PairDraws.Swapped(seed, pair), judge, template)];
    }

    public OrderedVerdict Read(StoredReply reply)
    {
        // A reply that was cut off may end with a line that it only quotes.
        PairVerdict? verdict = reply.FinishReason is "length" or "max_tokens" or "MAX_TOKENS" ? null : VerdictLine.Parse(reply.Reply, Code);
        return new OrderedVerdict(Swapped, verdict, verdict is null ? MissingReason.Unparsable : null, Model: reply.Model ?? "");
    }

    private static ChatAsk Ask(ResponsePair pair, bool swapped, string judge, PromptTemplate template)
    {
        (string first, string second) = swapped ? (pair.B.Text, pair.A.Text) : (pair.A.Text, pair.B.Text);
        ArrayBufferWriter<byte> content = new(256 + judge.Length + (2 * (pair.Prompt.Length + first.Length + second.Length)));
        using (Utf8JsonWriter writer = new(content))
        {
            writer.WriteStartArray();
            writer.WriteStringValue(judge);
            writer.WriteStringValue(pair.Prompt);
            writer.WriteStringValue(first);
            writer.WriteStringValue(second);
            writer.WriteNumberValue(pair.Repeat);
            writer.WriteEndArray();
        }

        return new ChatAsk(pair, swapped, Convert.ToHexStringLower(SHA256.HashData(content.WrittenSpan)), template);
    }
}
