using Goodhart.Text.Datasets.Conversations;

namespace Goodhart.Text.Datasets.Shapes;

/// <summary>An answer to a conversation: a list, one message or a string, which may repeat the conversation before it.</summary>
internal static class AnswerTurns
{
    /// <summary>Whether a row's chosen answer goes on from a conversation, or is an answer alone: whether that can be its
    /// history.</summary>
    public static bool GoOn(Cells cells, string history)
    {
        if (!cells.IsConversation("chosen"))
        {
            return true;
        }

        ReadOnlySpan<Message> chosen = cells.Messages("chosen");
        Message[] before = cells.Messages(history);
        return chosen[0].Speaker == Speaker.Assistant || (chosen.Length > before.Length && chosen.StartsWith(before));
    }

    /// <param name="role">Of the answer's column.</param>
    /// <param name="prompt">The conversation so far.</param>
    public static Message[] Read(Cells cells, string role, Message[] prompt)
    {
        ReadOnlySpan<Message> messages = cells.Messages(role, Speaker.Assistant);
        if (messages.Length > prompt.Length && messages.StartsWith(prompt))
        {
            messages = messages[prompt.Length..];
        }

        return messages[0].Speaker == Speaker.Assistant
            ? messages.ToArray()
            : throw cells.Row.Error(
                cells.Columns.Of(role),
                $"expected an assistant's message after the prompt, found one of role {messages[0].Speaker}");
    }
}
