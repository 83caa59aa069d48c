namespace Goodhart.Text.Tokenizers.ByteLevel;

/// <summary>How text between added tokens becomes words.</summary>
/// <param name="AddsPrefixSpace">Text that does not start with a space is given one, so that its first word looks like any other.</param>
internal sealed record PreTokenizer(bool AddsPrefixSpace, IWordSplitter Words)
{
    public void Encode(ReadOnlySpan<char> text, BpeModel model, List<int> output)
    {
        if (AddsPrefixSpace && text[0] != ' ')
        {
            text = string.Concat(" ", text);
        }

        for (int start = 0; start < text.Length;)
        {
            int end = Words.EndOfWord(text, start);
            model.Encode(text[start..end], output);
            start = end;
        }
    }
}
