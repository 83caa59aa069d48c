namespace Goodhart.Text.Tokenizers.Words;

internal enum SplitBehavior
{
    Isolated,
    MergedWithPrevious,
    MergedWithNext,
}

/// <summary>Cuts at every place where a text stands, which is a word of its own or goes with the word before or behind it.</summary>
internal sealed class LiteralSplitter(string separator, SplitBehavior behavior) : IWordSplitter
{
    public int EndOfWord(ReadOnlySpan<char> text, int position)
    {
        ReadOnlySpan<char> rest = text[position..];
        int own = rest.StartsWith(separator) ? separator.Length : 0;
        if (own > 0 && behavior != SplitBehavior.MergedWithNext)
        {
            return position + own;
        }

        int next = rest[own..].IndexOf(separator);
        return next < 0 ? text.Length
            : position + own + next + (behavior == SplitBehavior.MergedWithPrevious ? separator.Length : 0);
    }
}
