namespace Goodhart.Text.Datasets.Conversations;

/// <summary>How a conversation becomes text. A new template is a new type.</summary>
public abstract record ConversationTemplate
{
    /// <summary>What is printed and stored.</summary>
    public abstract string Name { get; }

    /// <summary>Whether its text has every special token that belongs there, so that none is to be added at either end.</summary>
    public virtual bool WritesSpecialTokens => false;

    /// <summary>Columns that it reads beside the conversation.</summary>
    public virtual IReadOnlyList<string> Columns => [];

    /// <summary>Whether a field of messages is written: those that are not are told to the user.</summary>
    public virtual bool Uses(string field) => field is "role" or "content" or "from" or "value";

    /// <summary>What a model is given to answer a conversation.</summary>
    /// <exception cref="MessageRefusedException">The template has no place for a turn.</exception>
    public abstract string Prompt(IReadOnlyList<Message> turns, ConversationExtras extras);

    /// <summary>A conversation so far, and answers to it, each an assistant's turn and whatever follows it.</summary>
    /// <exception cref="MessageRefusedException">The template has no place for a turn.</exception>
    /// <exception cref="PrefixMismatchException">The text with an answer does not begin with the text without it.</exception>
    public abstract WrittenConversation Write(
        IReadOnlyList<Message> prompt, IReadOnlyList<IReadOnlyList<Message>> answers, ConversationExtras extras);
}
