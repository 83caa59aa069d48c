using Goodhart.Text.Tokenizers;

namespace Goodhart.Text.Audit;

/// <summary>What the length of a text is counted in.</summary>
public abstract record TextLength
{
    /// <summary>Plural, for reports.</summary>
    public abstract string Unit { get; }

    public abstract int Of(string text);

    /// <summary>What no count exceeds, without counting.</summary>
    public abstract int AtMost(string text);
}

/// <summary>Runs of anything but white space: a rough size where no tokenizer is at hand.</summary>
public sealed record WordLength : TextLength
{
    public override string Unit => "words";

    public override int Of(string text)
    {
        int words = 0;
        bool inside = false;
        foreach (char c in text)
        {
            bool letter = !char.IsWhiteSpace(c);
            words += letter && !inside ? 1 : 0;
            inside = letter;
        }

        return words;
    }

    public override int AtMost(string text) => (text.Length + 1) / 2;
}

/// <summary>Tokens of a text; neither BOS nor EOS is counted.</summary>
public sealed record TokenLength(ITokenizer Tokenizer) : TextLength
{
    public override string Unit => "tokens";

    public override int Of(string text) => Tokenizer.Encode(text).Length;

    public override int AtMost(string text) => int.MaxValue;   // a normalizer may make a text longer
}
