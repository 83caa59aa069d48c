namespace Goodhart.Text.Datasets.Conversations;

/// <summary>Who speaks.</summary>
public enum Speaker
{
    System,
    User,
    Assistant,
}

/// <summary>One turn of a conversation.</summary>
public sealed record Message(Speaker Speaker, string Content);
