namespace Goodhart.Text.Datasets.Conversations;

/// <summary>A conversation as text, and its answers as they follow it.</summary>
public sealed record WrittenConversation(string Prompt, IReadOnlyList<string> Answers);
