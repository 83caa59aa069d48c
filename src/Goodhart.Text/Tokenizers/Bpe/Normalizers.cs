using System.Text;

namespace Goodhart.Text.Tokenizers.Bpe;

/// <summary>What is done to the text between added tokens before it is cut into words.</summary>
internal interface INormalizer
{
    string Apply(string text);

    /// <summary>The same for a text that goes on after another: nothing is put before it.</summary>
    string ApplyContinued(string text) => Apply(text);
}

internal sealed class NoNormalizer : INormalizer
{
    public string Apply(string text) => text;
}

/// <summary>Several, one after the other.</summary>
internal sealed class NormalizerSequence(IReadOnlyList<INormalizer> steps) : INormalizer
{
    public string Apply(string text) => steps.Aggregate(text, (current, step) => step.Apply(current));

    public string ApplyContinued(string text) => steps.Aggregate(text, (current, step) => step.ApplyContinued(current));
}

/// <summary>Puts a text before every text that is not empty: the blank before the first word in SentencePiece's manner.</summary>
internal sealed class PrependNormalizer(string prefix) : INormalizer
{
    public string Apply(string text) => text.Length == 0 ? text : prefix + text;

    public string ApplyContinued(string text) => text;
}

internal sealed class ReplaceNormalizer(string old, string replacement) : INormalizer
{
    public string Apply(string text) => text.Replace(old, replacement, StringComparison.Ordinal);
}

/// <summary>
/// Unicode's normal forms, by the framework. Time is linear in ordinary text, but quadratic in the length of a single run
/// of combining marks (80,000 in the worst order: some seconds).
/// </summary>
internal sealed class UnicodeNormalizer : INormalizer
{
    /// <summary>.NET refuses to normalise this noncharacter. It takes part in no composition, so the text is cut at it.</summary>
    private const char Refused = '\uFFFE';

    private readonly NormalizationForm form;
    private readonly char lastUnchanged;

    public UnicodeNormalizer(NormalizationForm form)
    {
        if ("e\u0301".Normalize(NormalizationForm.FormC) != "\u00E9")
        {
            throw new TokenizerException(
                "normalizer: NFC and its kin need Unicode data that this machine lacks. "
                + "Install ICU (libicu) and leave InvariantGlobalization off.");
        }

        this.form = form;

        // Below U+0300 nothing composes, and in ASCII nothing at all changes.
        lastUnchanged = form == NormalizationForm.FormC ? '\u02FF' : '\u007F';
    }

    public string Apply(string text)
    {
        if (!text.AsSpan().ContainsAnyExceptInRange('\0', lastUnchanged))
        {
            return text;
        }

        return text.Contains(Refused, StringComparison.Ordinal)
            ? string.Join(Refused, text.Split(Refused).Select(part => part.Normalize(form)))
            : text.Normalize(form);
    }
}
