namespace Goodhart.Text.Chat.Values;

/// <summary>A text that the filter <c>safe</c> has marked. Nothing is escaped here, so the mark only matters where Jinja would
/// escape.</summary>
internal sealed record SafeText(string Text);
