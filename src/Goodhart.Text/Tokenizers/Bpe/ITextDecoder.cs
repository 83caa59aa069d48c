namespace Goodhart.Text.Tokenizers.Bpe;

/// <summary>Ids to text.</summary>
internal interface ITextDecoder
{
    string Decode(ReadOnlySpan<int> ids);

    StreamingDecoder Start();
}
