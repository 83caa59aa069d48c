using System.Globalization;

namespace Goodhart.Text.Tokenizers.Words;

/// <summary>Words are the matches of a regular expression, and what lies between them.</summary>
/// <param name="removesRest">What lies between the matches would be dropped: that is refused, since text would be lost.</param>
internal sealed class ExpressionSplitter(WordExpression expression, bool removesRest) : IWordSplitter
{
    public int EndOfWord(ReadOnlySpan<char> text, int position)
    {
        for (int start = position; start < text.Length; start += char.IsHighSurrogate(text[start]) ? 2 : 1)
        {
            int end = expression.Match(text, start);
            if (end > start)
            {
                return start == position ? end : removesRest ? throw Lost(start) : start;
            }
        }

        return removesRest ? throw Lost(text.Length) : text.Length;

        TokenizerException Lost(int end) => new(string.Create(
            CultureInfo.InvariantCulture,
                $"the tokenizer's expression matches none of the {end - position} UTF-16 units from {position}: they would be lost."));
    }
}
