using System.Text.Json.Nodes;

namespace Goodhart.Text.Datasets.Conversations;

/// <summary>A template that writes turn by turn: what stands before a turn does not change with it.</summary>
public abstract record TurnTemplate : ConversationTemplate
{
    /// <summary>What stands before a response; a prompt ends with it.</summary>
    public abstract string Cue { get; }

    /// <summary>A whole turn.</summary>
    /// <exception cref="MessageRefusedException">The template has no place for it.</exception>
    public abstract string Turn(Message message);

    /// <summary>A response as it follows <see cref="Cue"/>.</summary>
    public abstract string Reply(string content);

    public sealed override string Prompt(IReadOnlyList<Message> turns, ConversationExtras extras) => string.Concat(turns.Select(Turn))
        + Cue;

    public sealed override WrittenConversation Write(
        IReadOnlyList<Message> prompt, IReadOnlyList<IReadOnlyList<Message>> answers, ConversationExtras extras) =>
        new(Prompt(prompt, extras), [.. answers.Select(turns => Reply(Text(turns[0])) + string.Concat(turns.Skip(1).Select(Turn)))]);

    /// <summary>What a turn says, for templates that write nothing else.</summary>
    protected virtual string Text(Message turn)
    {
        if (turn.HasContent)
        {
            return turn.Content;
        }

        if (turn.Fields?["tool_calls"] is JsonArray { Count: > 0 })
        {
            throw new MessageRefusedException(
                turn,
                $"expected a text, found tool_calls without one, which the {Name} template does not write")
            {
                Advice = "--bad-rows skip passes such rows over",
            };
        }

        bool ours = turn.Fields?.ContainsKey("role") != false || !turn.Fields.ContainsKey("from");
        string field = ours ? "content" : "value";
        throw new MessageRefusedException(
            turn, $"expected a string, found {(turn.Fields?.ContainsKey(field) == true ? "null" : "nothing")}", field);
    }
}
