using Goodhart.Text.Chat.Safety;

namespace Goodhart.Text.Chat;

/// <summary>A template as it stands in a file, not looked at yet.</summary>
/// <param name="Name">The file, and the field in it.</param>
public sealed record ChatTemplateSource(string Name, string Text)
{
    /// <exception cref="ChatTemplateException">The text is no template, or uses Jinja that is not supported.</exception>
    public ChatTemplate Parse() => ChatTemplate.Parse(Text, Name);
}
