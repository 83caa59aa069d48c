namespace Goodhart.Text.Tokenizers.Bpe;

/// <summary>Text to ids, in the original's order: raw added tokens, normalisation, normalised added tokens, words, merges.</summary>
internal sealed class Pipeline(IReadOnlyList<AddedToken> added, INormalizer normalizer, PreTokenizer preTokenizer, IWordModel model)
{
    private readonly AddedTokenTrie raw = new(added.Where(token => !token.Normalized));
    private readonly AddedTokenTrie normalized = new(added.Where(token => token.Normalized));

    /// <param name="continues">The text goes on after another, so that nothing is put before its first word.</param>
    public void Encode(string text, bool continues, List<int> output)
    {
        string wellFormed = WellFormed.Of(text);
        AddedTokenPieces pieces = new(raw, wellFormed);
        for (bool isFirst = true; pieces.MoveNext(); isFirst = false)
        {
            if (pieces.Token is AddedToken token)
            {
                output.Add(token.Id);
            }
            else
            {
                // Most texts are one piece: those are not copied.
                string piece = pieces.Text.Length == wellFormed.Length ? wellFormed : pieces.Text.ToString();
                bool goesOn = continues && isFirst;
                EncodeNormalized(goesOn ? normalizer.ApplyContinued(piece) : normalizer.Apply(piece), isFirst, goesOn, output);
            }
        }
    }

    private void EncodeNormalized(string text, bool isFirst, bool continues, List<int> output)
    {
        AddedTokenPieces pieces = new(normalized, text);
        for (; pieces.MoveNext(); isFirst = false)
        {
            if (pieces.Token is AddedToken token)
            {
                output.Add(token.Id);
            }
            else
            {
                preTokenizer.Encode(pieces.Text, isFirst, continues && isFirst, model, output);
            }
        }
    }
}
