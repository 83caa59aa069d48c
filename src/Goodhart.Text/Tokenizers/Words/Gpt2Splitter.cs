namespace Goodhart.Text.Tokenizers.Words;

/// <summary>GPT-2's words, also those of GPT-NeoX and Pythia; see <see cref="Expression"/>.</summary>
internal sealed class Gpt2Splitter : IWordSplitter
{
    public const string Expression = @"'s|'t|'re|'ve|'m|'ll|'d| ?\p{L}+| ?\p{N}+| ?[^\s\p{L}\p{N}]+|\s+(?!\S)|\s+";

    public int EndOfWord(ReadOnlySpan<char> text, int position)
    {
        int contraction = ContractionLength(text[position..]);
        if (contraction > 0)
        {
            return position + contraction;
        }

        int start = text[position] == ' ' && position + 1 < text.Length ? position + 1 : position;
        CharacterClass kind = CharacterClasses.At(text, start, out _);
        return CharacterClasses.IsWhiteSpace(kind)
            ? EndOfSpaces(text, position)
            : CharacterClasses.EndOfRun(text, start, kind);
    }

    /// <summary>White space leaves its last character to the word behind it: <c>\s+(?!\S)|\s+</c>.</summary>
    public static int EndOfSpaces(ReadOnlySpan<char> text, int position)
    {
        int end = CharacterClasses.EndOfWhiteSpace(text, position);
        return end == text.Length || end == position + 1 ? end : end - 1;
    }

    private static int ContractionLength(ReadOnlySpan<char> text) =>
        text.Length < 2 || text[0] != '\'' ? 0
        : text[1] is 's' or 't' or 'm' or 'd' ? 2
        : text.Length > 2 && (text[1], text[2]) is ('r', 'e') or ('v', 'e') or ('l', 'l') ? 3
        : 0;
}
