using Goodhart.Text.Datasets.Conversations;

namespace Goodhart.Text.Datasets.Shapes;

/// <summary>An answer to a conversation: a list, one message or a string, which may repeat the conversation before it.</summary>
internal static class AnswerTurns
{
    /// <param name="role">Of the answer's column.</param>
    /// <param name="prompt">The conversation so far.</param>
    public static string Read(Cells cells, string role, Message[] prompt, ConversationTemplate template)
    {
        ReadOnlySpan<Message> messages = cells.Messages(role, Speaker.Assistant);
        if (messages.Length > prompt.Length && messages.StartsWith(prompt))
        {
            messages = messages[prompt.Length..];
        }

        return messages[0].Speaker == Speaker.Assistant
            ? template.Response(messages.ToArray())
            : throw cells.Row.Error(
                cells.Columns.Of(role),
                $"expected an assistant's message after the prompt, found one of role {messages[0].Speaker}");
    }
}
