namespace Goodhart.Text.Datasets.Conversations;

/// <summary>How a conversation becomes text. A new template is a new type.</summary>
public abstract record ConversationTemplate
{
    /// <summary>What is printed and stored.</summary>
    public abstract string Name { get; }

    /// <summary>What stands before a response; a prompt ends with it.</summary>
    public abstract string Cue { get; }

    /// <summary>A whole turn.</summary>
    public abstract string Turn(Message message);

    /// <summary>A response as it follows <see cref="Cue"/>.</summary>
    public abstract string Reply(string content);

    /// <summary>The turns so far, and the cue for the next.</summary>
    public string Prompt(IEnumerable<Message> turns) => string.Concat(turns.Select(Turn)) + Cue;

    /// <summary>An assistant's turn, and the turns after it where a response has several.</summary>
    /// <param name="turns">Begins with an assistant's turn.</param>
    public string Response(IReadOnlyList<Message> turns) => Reply(turns[0].Content) + string.Concat(turns.Skip(1).Select(Turn));
}
