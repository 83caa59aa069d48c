namespace Goodhart.Text.Tokenizers.Words;

/// <summary>Numbers apart from everything else: each digit a word, or each run of them.</summary>
internal sealed class DigitSplitter(bool individual) : IWordSplitter
{
    public int EndOfWord(ReadOnlySpan<char> text, int position)
    {
        bool isNumber = CharacterClasses.At(text, position, out int width) == CharacterClass.Number;
        int end = position + width;
        if (isNumber && individual)
        {
            return end;
        }

        while (end < text.Length && (CharacterClasses.At(text, end, out width) == CharacterClass.Number) == isNumber)
        {
            end += width;
        }

        return end;
    }
}
