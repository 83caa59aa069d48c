using Goodhart.Text.Data;

namespace Goodhart.Evaluation.Theory.SoftQ;

/// <summary>
/// A token is seen where some response of the data, to whatever prompt, has it after the same last few response tokens. A looser sense than
/// Eq. (11)'s: prefixes of text are almost never repeated in whole, and this one says which continuations the data know at all.
/// </summary>
public sealed class SeenAfterRecent : ISeenTokens
{
    /// <summary>Stands before a response's first token.</summary>
    private const int Before = -1;

    private readonly int count;
    private readonly TokenTrie trie = new();

    /// <param name="count">Tokens looked back at.</param>
    public SeenAfterRecent(int count) =>
        this.count = count > 0
            ? count
            : throw new ArgumentOutOfRangeException(nameof(count), count, "Expected at least one token to look back at.");

    public string Description => FormattableString.Invariant($"the same last {count} response tokens, whatever the prompt");

    public static SeenAfterRecent Of(int count, IEnumerable<TokenizedPair> pairs)
    {
        SeenAfterRecent seen = new(count);
        foreach (TokenizedPair pair in pairs)
        {
            seen.Add(pair.Chosen);
            seen.Add(pair.Rejected);
        }

        return seen;
    }

    public void Add(ReadOnlySpan<int> response)
    {
        for (int i = 0; i < response.Length; i++)
        {
            int node = TokenTrie.Root;
            for (int back = count; back > 0; back--)
            {
                node = trie.Add(node, Recent(response, i - back));
            }

            trie.Add(node, response[i]);
        }
    }

    public IReadOnlyList<int>[] Along(ReadOnlySpan<int> prompt, ReadOnlySpan<int> response)
    {
        IReadOnlyList<int>[] seen = new IReadOnlyList<int>[response.Length + 1];
        for (int i = 0; i <= response.Length; i++)
        {
            int node = TokenTrie.Root;
            for (int back = count; back > 0; back--)
            {
                node = trie.Find(node, Recent(response, i - back));
            }

            seen[i] = trie.After(node);
        }

        return seen;
    }

    private static int Recent(ReadOnlySpan<int> response, int place) => place < 0 ? Before : response[place];
}
