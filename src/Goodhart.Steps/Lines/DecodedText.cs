using System.Text;
using Goodhart.Text.Tokenizers;

namespace Goodhart.Steps.Lines;

/// <summary>The text of sampled ids.</summary>
internal static class DecodedText
{
    /// <remarks>A model's vocabulary may be padded beyond its tokenizer's; an id from the padding has no text and becomes U+FFFD.</remarks>
    public static string Of(ITokenizer tokenizer, ReadOnlySpan<int> ids)
    {
        StringBuilder text = new();
        StreamingDecoder decoder = tokenizer.StartDecoding();
        foreach (int id in ids)
        {
            text.Append(id < tokenizer.VocabularySize ? decoder.Next(id) : decoder.End() + "\uFFFD");
        }

        return text.Append(decoder.End()).ToString();
    }
}
