namespace Goodhart.Text.Tokenizers.Words;

/// <summary>A part of an expression that knows what comes behind it.</summary>
internal abstract class WordExpressionNode
{
    /// <summary>The end of the match of this part and of all behind it; -1 if there is none.</summary>
    public abstract int Match(ReadOnlySpan<char> text, int position);
}

internal sealed class Accept : WordExpressionNode
{
    public override int Match(ReadOnlySpan<char> text, int position) => position;
}

/// <summary>Characters of one set, as many as there are; unless possessive, fewer where what comes behind asks for it.</summary>
internal sealed class Repeat(CharacterSet set, int least, int most, bool possessive, WordExpressionNode next) : WordExpressionNode
{
    public override int Match(ReadOnlySpan<char> text, int position)
    {
        int count = 0;
        int end = position;
        while (count < most && end < text.Length && set.Contains(text, end, out int width))
        {
            end += width;
            count++;
        }

        while (count >= least)
        {
            int found = next.Match(text, end);
            if (found >= 0 || possessive || count == 0)
            {
                return found;
            }

            end -= end - 2 >= position && char.IsSurrogatePair(text[end - 2], text[end - 1]) ? 2 : 1;
            count--;
        }

        return -1;
    }
}

/// <summary>The first alternative that leads to a match; each of them knows what comes behind.</summary>
internal sealed class Either(IReadOnlyList<WordExpressionNode> alternatives) : WordExpressionNode
{
    public override int Match(ReadOnlySpan<char> text, int position)
    {
        for (int i = 0; i < alternatives.Count; i++)
        {
            int end = alternatives[i].Match(text, position);
            if (end >= 0)
            {
                return end;
            }
        }

        return -1;
    }
}

/// <summary><c>(?=...)</c> and <c>(?!...)</c>.</summary>
internal sealed class Lookahead(WordExpressionNode condition, bool isNegative, WordExpressionNode next) : WordExpressionNode
{
    public override int Match(ReadOnlySpan<char> text, int position) =>
        condition.Match(text, position) >= 0 == isNegative ? -1 : next.Match(text, position);
}
