namespace Goodhart.Text.Tokenizers.Bpe;

/// <summary>The tokens by id, added tokens included.</summary>
internal sealed class Vocabulary
{
    /// <summary>Ids beyond this are a damaged file: the largest vocabularies have a quarter million tokens.</summary>
    private const int LargestId = (1 << 20) - 1;

    private readonly string?[] tokens;
    private readonly HashSet<int> special;
    private readonly Dictionary<string, int> added;
    private readonly Dictionary<string, int> model;

    public Vocabulary(Dictionary<string, int> model, IReadOnlyList<AddedToken> addedTokens)
    {
        this.model = model;
        added = new(StringComparer.Ordinal);
        special = [.. addedTokens.Where(token => token.Special).Select(token => token.Id)];
        tokens = new string?[1 + Math.Max(Largest(model.Values), Largest(addedTokens.Select(token => token.Id)))];
        foreach ((string token, int id) in model)
        {
            Place(token, id);
        }

        foreach (AddedToken token in addedTokens)
        {
            if (model.GetValueOrDefault(token.Content, token.Id) != token.Id
                || added.GetValueOrDefault(token.Content, token.Id) != token.Id)
            {
                throw new TokenizerException(FormattableString.Invariant(
                    $"added_tokens: '{token.Content}' has the id {token.Id} here and another one elsewhere in the file, expected one."));
            }

            added[token.Content] = token.Id;
            Place(token.Content, token.Id);
        }
    }

    /// <summary>By id, as the file spells them; null for an id that no token has.</summary>
    public IReadOnlyList<string?> Tokens => tokens;

    public int Size => tokens.Length;

    public bool IsSpecial(int id) => special.Contains(id);

    public int? IdOf(string token) => added.TryGetValue(token, out int id) || model.TryGetValue(token, out id) ? id : null;

    public string TokenOf(int id, int position)
    {
        Check(id, position);
        return tokens[id]!;
    }

    /// <exception cref="TokenizerException">No token has the id.</exception>
    public void Check(int id, int position)
    {
        if ((uint)id >= (uint)tokens.Length || tokens[id] is null)
        {
            throw new TokenizerException(FormattableString.Invariant(
                $"decode: id {id} at position {position} is no token of this vocabulary of {tokens.Length} ids. ") +
                "A model's vocabulary may be padded beyond its tokenizer's: such ids must not be sampled.");
        }
    }

    private static int Largest(IEnumerable<int> ids)
    {
        int largest = ids.DefaultIfEmpty(-1).Max();
        return largest <= LargestId
            ? largest
            : throw new TokenizerException(FormattableString.Invariant($"vocabulary: id {largest} found, expected at most {LargestId}."));
    }

    private void Place(string token, int id)
    {
        if (tokens[id] is string other && other != token)
        {
            throw new TokenizerException(FormattableString.Invariant($"vocabulary: id {id} belongs to both '{other}' and '{token}'."));
        }

        tokens[id] = token;
    }
}
