using System.Text;

namespace Goodhart.Text.Tokenizers.Bpe;

/// <summary>Tokens of GPT-2's alphabet: their bytes in a row are the text; broken ones become U+FFFD as .NET replaces them.</summary>
internal sealed class ByteDecoder(Vocabulary vocabulary) : ITextDecoder
{
    private readonly byte[] bytes = [.. Spelled(vocabulary).SelectMany(token => token)];
    private readonly int[] starts = Starts(vocabulary);

    public string Decode(ReadOnlySpan<int> ids)
    {
        int length = 0;
        for (int i = 0; i < ids.Length; i++)
        {
            length += BytesOf(ids[i], i).Length;
        }

        byte[] text = new byte[length];
        int written = 0;
        foreach (int id in ids)
        {
            ReadOnlySpan<byte> token = BytesOf(id, 0);
            token.CopyTo(text.AsSpan(written));
            written += token.Length;
        }

        return Encoding.UTF8.GetString(text);
    }

    public StreamingDecoder Start() => new ByteByByte(this);

    private ReadOnlySpan<byte> BytesOf(int id, int position)
    {
        vocabulary.Check(id, position);
        return bytes.AsSpan(starts[id]..starts[id + 1]);
    }

    private static IEnumerable<byte[]> Spelled(Vocabulary vocabulary) =>
        vocabulary.Tokens.Select(token => token is null ? [] : ByteAlphabet.BytesOf(token));

    private static int[] Starts(Vocabulary vocabulary)
    {
        int[] starts = new int[vocabulary.Size + 1];
        int id = 0;
        foreach (byte[] token in Spelled(vocabulary))
        {
            starts[id + 1] = starts[id] + token.Length;
            id++;
        }

        return starts;
    }

    /// <summary>The framework's UTF-8 decoder holds unfinished characters back; broken ones it replaces as Decode does.</summary>
    private sealed class ByteByByte(ByteDecoder owner) : StreamingDecoder
    {
        private readonly Decoder decoder = Encoding.UTF8.GetDecoder();
        private int count;

        public override string Next(int id) => Decode(owner.BytesOf(id, count++), end: false);

        public override string End()
        {
            count = 0;
            return Decode([], end: true);
        }

        private string Decode(ReadOnlySpan<byte> bytes, bool end)
        {
            char[] text = new char[decoder.GetCharCount(bytes, end)];
            return new(text, 0, decoder.GetChars(bytes, text, end));
        }
    }
}
