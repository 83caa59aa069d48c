namespace Goodhart.Text.Chat.Safety;

/// <summary>A place in a template's source; both count from 1.</summary>
internal readonly record struct TemplatePlace(int Line, int Column);
