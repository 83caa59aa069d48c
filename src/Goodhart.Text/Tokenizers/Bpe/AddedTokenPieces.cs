using System.Buffers;
using System.Globalization;
using System.Text;
using Goodhart.Text.Tokenizers.Words;

namespace Goodhart.Text.Tokenizers.Bpe;

/// <summary>A text cut at its added tokens; read with <see cref="MoveNext"/>.</summary>
internal ref struct AddedTokenPieces(AddedTokenTrie trie, ReadOnlySpan<char> text)
{
    private readonly ReadOnlySpan<char> text = text;
    private int returned;
    private int searched;
    private AddedToken? pending;
    private int pendingStart;
    private int pendingEnd;

    /// <summary>The token of the current piece, or null where it is text between tokens.</summary>
    public AddedToken? Token { get; private set; }

    /// <summary>The current piece, where it is no token.</summary>
    public ReadOnlySpan<char> Text { get; private set; }

    public bool MoveNext()
    {
        if (pending is null)
        {
            FindNext();
        }

        int start = pending is null ? text.Length : pendingStart;
        if (returned < start)
        {
            Token = null;
            Text = text[returned..start];
            returned = start;
            return true;
        }

        if (pending is null)
        {
            return false;
        }

        Token = pending;
        returned = pendingEnd;
        pending = null;
        return true;
    }

    private void FindNext()
    {
        while (trie.Find(text, searched, out int start, out int end) is AddedToken token)
        {
            searched = end;
            if (token.SingleWord && (EndsWithWord(text[..start]) || StartsWithWord(text[end..])))
            {
                continue;
            }

            pending = token;

            // White space that the token before has taken is not taken twice.
            pendingStart = token.StripsLeft ? Math.Max(text[..start].TrimEnd().Length, returned) : start;
            pendingEnd = token.StripsRight ? CharacterClasses.EndOfWhiteSpace(text, end) : end;
            return;
        }
    }

    private static bool StartsWithWord(ReadOnlySpan<char> text) =>
        text.Length > 0 && Rune.DecodeFromUtf16(text, out Rune first, out _) == OperationStatus.Done && IsWord(first);

    private static bool EndsWithWord(ReadOnlySpan<char> text) =>
        text.Length > 0 && Rune.DecodeLastFromUtf16(text, out Rune last, out _) == OperationStatus.Done && IsWord(last);

    /// <summary>Unicode's <c>\w</c>: alphabetic, mark, decimal digit, connector or joiner.</summary>
    private static bool IsWord(Rune rune) => Rune.GetUnicodeCategory(rune) switch
    {
        <= UnicodeCategory.LetterNumber or UnicodeCategory.ConnectorPunctuation => true,
        UnicodeCategory.OtherSymbol => rune.Value
            is >= 0x24B6 and <= 0x24E9 or >= 0x1F130 and <= 0x1F149 or >= 0x1F150 and <= 0x1F169 or >= 0x1F170 and <= 0x1F189,
        _ => rune.Value is 0x200C or 0x200D,
    };
}
