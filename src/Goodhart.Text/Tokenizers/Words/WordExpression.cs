namespace Goodhart.Text.Tokenizers.Words;

/// <summary>
/// A regular expression over Unicode scalar values, of the kind that pre-tokenizers use: classes, greedy and possessive repetition of
/// single
/// characters, alternatives, optional groups, lookahead. .NET's own expressions see surrogates above U+FFFF. The first alternative that
/// leads to a match counts, as in the original's engine.
/// </summary>
internal sealed class WordExpression
{
    private readonly WordExpressionNode first;

    private WordExpression(WordExpressionNode first) => this.first = first;

    /// <exception cref="TokenizerException">Something that is not known here; the message names it.</exception>
    public static WordExpression Parse(string text) => new(new WordExpressionParser(text).Parse());

    /// <summary>The end of the match that starts at a position of well-formed text; -1 if there is none.</summary>
    public int Match(ReadOnlySpan<char> text, int position) => first.Match(text, position);
}
