namespace Goodhart.Text.Tokenizers.Bpe;

/// <summary>The ids of one word; merges never cross its ends.</summary>
internal interface IWordModel
{
    /// <summary>Appends the ids of a word of well-formed text.</summary>
    void Encode(ReadOnlySpan<char> word, List<int> output);
}
