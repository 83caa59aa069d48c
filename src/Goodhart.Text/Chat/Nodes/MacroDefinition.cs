namespace Goodhart.Text.Chat.Nodes;

/// <summary>What a macro is made of. The three flags say which of Jinja's special names its body mentions.</summary>
internal sealed record MacroDefinition(
    string Name, IReadOnlyList<(string Name, Expression? Default)> Parameters, Statement Body,
    bool UsesCaller, bool UsesPositional, bool UsesNamed);
