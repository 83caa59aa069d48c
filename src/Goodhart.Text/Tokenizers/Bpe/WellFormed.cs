namespace Goodhart.Text.Tokenizers.Bpe;

/// <summary>Text as Unicode scalar values: a .NET string may hold lone surrogates, which have no UTF-8.</summary>
internal static class WellFormed
{
    /// <summary>The text with U+FFFD for each lone surrogate, as .NET's encoders write it.</summary>
    public static string Of(string text)
    {
        for (int i = text.AsSpan().IndexOfAnyInRange('\uD800', '\uDFFF'); i >= 0 && i < text.Length; i++)
        {
            if (!char.IsSurrogate(text[i]))
            {
                continue;
            }

            if (i + 1 == text.Length || !char.IsSurrogatePair(text[i], text[i + 1]))
            {
                return Repaired(text, i);
            }

            i++;
        }

        return text;
    }

    private static string Repaired(string text, int from)
    {
        char[] repaired = text.ToCharArray();
        for (int i = from; i < repaired.Length; i++)
        {
            if (i + 1 < repaired.Length && char.IsSurrogatePair(repaired[i], repaired[i + 1]))
            {
                i++;
            }
            else if (char.IsSurrogate(repaired[i]))
            {
                repaired[i] = '\uFFFD';
            }
        }

        return new(repaired);
    }
}
