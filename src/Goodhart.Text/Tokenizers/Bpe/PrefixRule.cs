namespace Goodhart.Text.Tokenizers.Bpe;

/// <summary>What is put before a text so that its first word looks like any other.</summary>
/// <param name="Mark">A space for byte-level tokenizers; for SentencePiece's the mark that stands for one.</param>
/// <param name="ReplacesSpaces">Whether the mark takes the place of every space too.</param>
internal sealed record PrefixRule(PrefixScheme Scheme, char Mark, bool ReplacesSpaces)
{
    public static PrefixRule None { get; } = new(PrefixScheme.Never, ' ', ReplacesSpaces: false);

    public static PrefixRule Space { get; } = new(PrefixScheme.Always, ' ', ReplacesSpaces: false);

    public ReadOnlySpan<char> Apply(ReadOnlySpan<char> text, bool isFirst)
    {
        bool prepends = text.Length > 0 && (Scheme == PrefixScheme.Always || (Scheme == PrefixScheme.First && isFirst))
            && text[0] != Mark && !(ReplacesSpaces && text[0] == ' ');
        if (!prepends && !(ReplacesSpaces && text.Contains(' ')))
        {
            return text;
        }

        string joined = prepends ? string.Concat([Mark], text) : text.ToString();
        return ReplacesSpaces ? joined.Replace(' ', Mark) : joined;
    }
}

internal enum PrefixScheme
{
    Never,
    First,
    Always,
}
