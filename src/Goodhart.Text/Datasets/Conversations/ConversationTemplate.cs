namespace Goodhart.Text.Datasets.Conversations;

/// <summary>How a conversation becomes text. A new template is a new type.</summary>
public abstract record ConversationTemplate
{
    /// <summary>What is printed and stored.</summary>
    public abstract string Name { get; }

    /// <summary>What stands before a response; a prompt ends with it.</summary>
    public abstract string Cue { get; }

    /// <summary>Whether a field of messages is written: those that are not are told to the user.</summary>
    public virtual bool Uses(string field) => field is "role" or "content" or "from" or "value";

    /// <summary>A whole turn.</summary>
    /// <exception cref="MessageRefusedException">The template has no place for it.</exception>
    public abstract string Turn(Message message);

    /// <summary>A response as it follows <see cref="Cue"/>.</summary>
    public abstract string Reply(string content);

    /// <summary>What a turn says, for templates that write nothing else.</summary>
    protected string Text(Message turn) => turn.HasContent ? turn.Content : throw new MessageRefusedException(
        turn, $"expected a text, found tool_calls without one, which the {Name} template does not write; "
            + "--bad-rows skip passes such rows over");

    /// <summary>The turns so far, and the cue for the next.</summary>
    public string Prompt(IEnumerable<Message> turns) => string.Concat(turns.Select(Turn)) + Cue;

    /// <summary>An assistant's turn, and the turns after it where a response has several.</summary>
    /// <param name="turns">Begins with an assistant's turn.</param>
    /// <exception cref="MessageRefusedException">The template has no place for one of them.</exception>
    public string Response(IReadOnlyList<Message> turns) => Reply(Text(turns[0])) + string.Concat(turns.Skip(1).Select(Turn));
}
