namespace Goodhart.Text.Chat;

/// <summary>A conversation as a template writes it.</summary>
/// <param name="AssistantSpans">What generation blocks mark, as half-open ranges of code points; empty where the template has none.</param>
public sealed record RenderedChat(string Text, IReadOnlyList<(int Start, int End)> AssistantSpans);
