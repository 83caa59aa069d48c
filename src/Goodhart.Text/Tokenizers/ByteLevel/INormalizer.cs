using System.Text;

namespace Goodhart.Text.Tokenizers.ByteLevel;

/// <summary>What is done to the text between added tokens before it is cut into words.</summary>
internal interface INormalizer
{
    string Apply(string text);
}

internal sealed class NoNormalizer : INormalizer
{
    public string Apply(string text) => text;
}

/// <summary>Unicode's canonical composition (NFC).</summary>
internal sealed class NfcNormalizer : INormalizer
{
    /// <summary>.NET refuses to normalise this noncharacter. It takes part in no composition, so the text is cut at it.</summary>
    private const char Refused = '\uFFFE';

    public NfcNormalizer()
    {
        if (Compose("e\u0301") != "\u00E9")
        {
            throw new TokenizerException(
                "normalizer: NFC needs Unicode data that this machine lacks. Install ICU (libicu) and leave InvariantGlobalization off.");
        }
    }

    public string Apply(string text)
    {
        // Below U+0300 nothing composes.
        if (!text.AsSpan().ContainsAnyExceptInRange('\0', '\u02FF'))
        {
            return text;
        }

        return text.Contains(Refused, StringComparison.Ordinal)
            ? string.Join(Refused, text.Split(Refused).Select(Compose))
            : Compose(text);
    }

    private static string Compose(string text) => text.Normalize(NormalizationForm.FormC);
}
