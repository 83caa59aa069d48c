namespace Goodhart.Text.Tokenizers.Words;

/// <summary>
/// Llama 3's words (and GPT-4's), with numbers cut into groups of at most so many digits: three for Llama 3, one for Qwen2.
/// See <see cref="ThreeDigits"/>.
/// </summary>
internal sealed class Llama3Splitter(int digits) : IWordSplitter
{
    public const string ThreeDigits =
        @"(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}{1,3}| ?[^\s\p{L}\p{N}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+";

    public const string OneDigit =
        @"(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}| ?[^\s\p{L}\p{N}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+";

    public int EndOfWord(ReadOnlySpan<char> text, int position)
    {
        int contraction = ContractionLength(text[position..]);
        if (contraction > 0)
        {
            return position + contraction;
        }

        CharacterClass kind = CharacterClasses.At(text, position, out int width);
        int next = position + width;
        return kind switch
        {
            CharacterClass.Letter => CharacterClasses.EndOfRun(text, next, CharacterClass.Letter),
            CharacterClass.Number => EndOfNumber(text, next),
            CharacterClass.LineBreak => EndOfSpaces(text, position),
            _ when IsAt(text, next, CharacterClass.Letter) => CharacterClasses.EndOfRun(text, next, CharacterClass.Letter),
            CharacterClass.Other => EndOfSymbols(text, next),
            _ when text[position] == ' ' && IsAt(text, next, CharacterClass.Other) => EndOfSymbols(text, next),
            _ => EndOfSpaces(text, position),
        };
    }

    private static bool IsAt(ReadOnlySpan<char> text, int position, CharacterClass kind) =>
        position < text.Length && CharacterClasses.At(text, position, out _) == kind;

    private int EndOfNumber(ReadOnlySpan<char> text, int position)
    {
        for (int count = 1; count < digits && IsAt(text, position, CharacterClass.Number); count++)
        {
            position += char.IsHighSurrogate(text[position]) ? 2 : 1;
        }

        return position;
    }

    private static int EndOfSymbols(ReadOnlySpan<char> text, int position) => CharacterClasses.EndOfRun(
        text, CharacterClasses.EndOfRun(text, position, CharacterClass.Other), CharacterClass.LineBreak);

    /// <summary>White space up to its last line break, if it has one; otherwise as in GPT-2.</summary>
    private static int EndOfSpaces(ReadOnlySpan<char> text, int position)
    {
        int end = CharacterClasses.EndOfWhiteSpace(text, position);
        int lineBreak = text[position..end].LastIndexOfAny('\r', '\n');
        return lineBreak >= 0 ? position + lineBreak + 1 : Gpt2Splitter.EndOfSpaces(text, position);
    }

    private static int ContractionLength(ReadOnlySpan<char> text)
    {
        if (text.Length < 2 || text[0] != '\'')
        {
            return 0;
        }

        // U+017F folds to s.
        return text[1] is 's' or 'S' or '\u017F' or 't' or 'T' or 'm' or 'M' or 'd' or 'D' ? 2
            : text.Length > 2 && ((char)(text[1] | 0x20), (char)(text[2] | 0x20)) is ('r', 'e') or ('v', 'e') or ('l', 'l')
                && char.IsAsciiLetter(text[1]) && char.IsAsciiLetter(text[2]) ? 3
            : 0;
    }
}
