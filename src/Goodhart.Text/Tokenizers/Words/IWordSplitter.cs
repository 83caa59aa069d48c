namespace Goodhart.Text.Tokenizers.Words;

/// <summary>Cuts text into the words that merges never cross. Each splitter is one regular expression, written out by hand.</summary>
internal interface IWordSplitter
{
    /// <summary>The end of the word that starts at a position of well-formed text: beyond it, never inside a surrogate pair.</summary>
    int EndOfWord(ReadOnlySpan<char> text, int position);
}
