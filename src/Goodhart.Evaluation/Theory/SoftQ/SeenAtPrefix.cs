using System.Buffers.Binary;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using Goodhart.Text.Data;

namespace Goodhart.Evaluation.Theory.SoftQ;

/// <summary>Eq. (11) to the letter: a token is seen where some response of the data has it after the same prompt and the same response so
/// far.</summary>
public sealed class SeenAtPrefix : ISeenTokens
{
    private readonly Dictionary<UInt128, int> rootOf = [];
    private readonly TokenTrie trie = new();

    public string Description => "the same prompt and the same response so far";

    public static SeenAtPrefix Of(IEnumerable<TokenizedPair> pairs)
    {
        SeenAtPrefix seen = new();
        foreach (TokenizedPair pair in pairs)
        {
            seen.Add(pair.Prompt, pair.Chosen);
            seen.Add(pair.Prompt, pair.Rejected);
        }

        return seen;
    }

    public void Add(ReadOnlySpan<int> prompt, ReadOnlySpan<int> response)
    {
        UInt128 key = Key(prompt);
        if (!rootOf.TryGetValue(key, out int node))
        {
            node = trie.AddRoot();
            rootOf.Add(key, node);
        }

        foreach (int token in response)
        {
            node = trie.Add(node, token);
        }
    }

    public IReadOnlyList<int>[] Along(ReadOnlySpan<int> prompt, ReadOnlySpan<int> response)
    {
        IReadOnlyList<int>[] seen = new IReadOnlyList<int>[response.Length + 1];
        int node = rootOf.GetValueOrDefault(Key(prompt), TokenTrie.None);
        for (int i = 0; i < response.Length; i++)
        {
            seen[i] = trie.After(node);
            node = trie.Find(node, response[i]);
        }

        seen[^1] = trie.After(node);
        return seen;
    }

    private static UInt128 Key(ReadOnlySpan<int> prompt) =>
        BinaryPrimitives.ReadUInt128BigEndian(SHA256.HashData(MemoryMarshal.AsBytes(prompt)));
}
