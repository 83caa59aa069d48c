using Goodhart.Text.Chat.Safety;

namespace Goodhart.Text.Chat.Parsing;

internal enum TokenKind
{
    Data,
    PrintBegin,
    PrintEnd,
    BlockBegin,
    BlockEnd,
    Name,
    Text,
    Integer,
    Float,
    Operator,
    End,
}

/// <param name="Text">As written; of a text literal what is between the quotes.</param>
internal readonly record struct Token(TokenKind Kind, string Text, TemplatePlace Place)
{
    public bool IsName(string name) => Kind == TokenKind.Name && Text == name;

    public bool IsOperator(string sign) => Kind == TokenKind.Operator && Text == sign;

    public string Shown => Kind switch
    {
        TokenKind.End => "the end of the template",
        TokenKind.PrintEnd => "}}",
        TokenKind.BlockEnd => "%}",
        TokenKind.Data => "text",
        _ => Text.Length <= 40 ? $"'{Text}'" : $"'{Text[..40]}…'",
    };
}
