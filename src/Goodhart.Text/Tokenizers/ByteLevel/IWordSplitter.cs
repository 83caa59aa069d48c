namespace Goodhart.Text.Tokenizers.ByteLevel;

/// <summary>Cuts text into the words that merges never cross. Each splitter is one regular expression, written out by hand.</summary>
internal interface IWordSplitter
{
    /// <summary>The end of the word that starts at a position of well-formed text; beyond the position, never inside a surrogate pair.</summary>
    int EndOfWord(ReadOnlySpan<char> text, int position);
}

/// <summary>The whole text as one word: a byte-level pre-tokenizer without its expression.</summary>
internal sealed class WholeText : IWordSplitter
{
    public int EndOfWord(ReadOnlySpan<char> text, int position) => text.Length;
}
