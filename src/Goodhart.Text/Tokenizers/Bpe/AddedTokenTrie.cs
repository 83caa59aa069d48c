using System.Buffers;

namespace Goodhart.Text.Tokenizers.Bpe;

/// <summary>Added tokens by their characters, for finding the leftmost of them in a text and there the longest.</summary>
internal sealed class AddedTokenTrie
{
    private readonly Node root = new();
    private readonly SearchValues<char> firsts;

    public AddedTokenTrie(IEnumerable<AddedToken> tokens)
    {
        foreach (AddedToken token in tokens)
        {
            Node node = root;
            foreach (char unit in token.Content)
            {
                node = node.Grow(unit);
            }

            // Of two tokens with one spelling (after normalising), the first counts.
            node.Token ??= token;
        }

        firsts = SearchValues.Create(root.Units);
    }

    /// <summary>The first match from a position on; null if there is none.</summary>
    public AddedToken? Find(ReadOnlySpan<char> text, int from, out int start, out int end)
    {
        for (start = from; ; start++)
        {
            int skipped = text[start..].IndexOfAny(firsts);
            if (skipped < 0)
            {
                end = start;
                return null;
            }

            start += skipped;
            if (Longest(text, start, out end) is AddedToken token)
            {
                return token;
            }
        }
    }

    private AddedToken? Longest(ReadOnlySpan<char> text, int start, out int end)
    {
        AddedToken? longest = null;
        end = start;
        Node node = root;
        for (int i = start; i < text.Length && node.Child(text[i]) is Node child; i++)
        {
            node = child;
            if (node.Token is not null)
            {
                longest = node.Token;
                end = i + 1;
            }
        }

        return longest;
    }

    private sealed class Node
    {
        private char[] units = [];
        private Node[] children = [];

        public AddedToken? Token { get; set; }

        public ReadOnlySpan<char> Units => units;

        public Node? Child(char unit)
        {
            int index = units.AsSpan().IndexOf(unit);
            return index < 0 ? null : children[index];
        }

        public Node Grow(char unit)
        {
            if (Child(unit) is Node child)
            {
                return child;
            }

            Node grown = new();
            units = [.. units, unit];
            children = [.. children, grown];
            return grown;
        }
    }
}
