namespace Goodhart.Text.Tokenizers.ByteLevel;

/// <summary>Text to ids: raw added tokens, normalisation, normalised added tokens, words, merges; in this order, as the original has it.</summary>
internal sealed class Pipeline
{
    private readonly AddedTokenTrie raw;
    private readonly AddedTokenTrie normalized;
    private readonly INormalizer normalizer;
    private readonly PreTokenizer preTokenizer;
    private readonly BpeModel model;

    public Pipeline(IReadOnlyList<AddedToken> added, INormalizer normalizer, PreTokenizer preTokenizer, BpeModel model)
    {
        raw = new(added.Where(token => !token.Normalized), spelling => spelling);
        normalized = new(added.Where(token => token.Normalized), normalizer.Apply);
        this.normalizer = normalizer;
        this.preTokenizer = preTokenizer;
        this.model = model;
    }

    public void Encode(string text, List<int> output)
    {
        string wellFormed = WellFormed.Of(text);
        AddedTokenPieces pieces = new(raw, wellFormed);
        while (pieces.MoveNext())
        {
            if (pieces.Token is AddedToken token)
            {
                output.Add(token.Id);
            }
            else
            {
                // Most texts are one piece: those are not copied.
                string piece = pieces.Text.Length == wellFormed.Length ? wellFormed : pieces.Text.ToString();
                EncodeNormalized(normalizer.Apply(piece), output);
            }
        }
    }

    private void EncodeNormalized(string text, List<int> output)
    {
        AddedTokenPieces pieces = new(normalized, text);
        while (pieces.MoveNext())
        {
            if (pieces.Token is AddedToken token)
            {
                output.Add(token.Id);
            }
            else
            {
                preTokenizer.Encode(pieces.Text, model, output);
            }
        }
    }
}
