using System.Text;

namespace Goodhart.Text.Tokenizers.ByteLevel;

/// <summary>
/// Byte-level byte-pair encoding, as in GPT-2, GPT-NeoX and Pythia, Llama 3 and Qwen2. Any string has an encoding; lone surrogates count as
/// U+FFFD. Text that spells a special token becomes that token. Decoding gives the normalised text back; bytes that are no UTF-8, such
/// as a response cut inside a character, become U+FFFD.
/// </summary>
public sealed class ByteLevelBpeTokenizer : ITokenizer
{
    private readonly Pipeline pipeline;
    private readonly Vocabulary vocabulary;
    private readonly IReadOnlyDictionary<string, byte[]> files;

    internal ByteLevelBpeTokenizer(
        Pipeline pipeline, Vocabulary vocabulary, SpecialIds special, IReadOnlyDictionary<string, byte[]> files)
    {
        this.pipeline = pipeline;
        this.vocabulary = vocabulary;
        this.files = files;
        (EosId, PadId, BosId) = special;
    }

    public int VocabularySize => vocabulary.Size;

    public int EosId { get; }

    public int? PadId { get; }

    public int? BosId { get; }

    public int[] Encode(string text)
    {
        List<int> ids = new((text.Length / 3) + 8);
        pipeline.Encode(text, ids);
        return [.. ids];
    }

    public string Decode(ReadOnlySpan<int> ids)
    {
        int length = 0;
        for (int i = 0; i < ids.Length; i++)
        {
            length += vocabulary.BytesOf(ids[i], i).Length;
        }

        byte[] bytes = new byte[length];
        int written = 0;
        foreach (int id in ids)
        {
            ReadOnlySpan<byte> token = vocabulary.BytesOf(id, 0);
            token.CopyTo(bytes.AsSpan(written));
            written += token.Length;
        }

        return Encoding.UTF8.GetString(bytes);
    }

    public StreamingDecoder StartDecoding() => new ByteByByte(vocabulary);

    public bool IsSpecial(int id) => vocabulary.IsSpecial(id);

    public string TokenOf(int id) => vocabulary.TokenOf(id, 0);

    /// <summary>Writes the files that were read, byte for byte.</summary>
    public void Save(string folder) => FileSet.Write(folder, files);

    /// <summary>The framework's UTF-8 decoder holds unfinished characters back, and replaces broken ones as a whole-text decoding does.</summary>
    private sealed class ByteByByte(Vocabulary vocabulary) : StreamingDecoder
    {
        private readonly Decoder decoder = Encoding.UTF8.GetDecoder();
        private int count;

        public override string Next(int id) => Decode(vocabulary.BytesOf(id, count++), end: false);

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

/// <summary>The ids with a role; see <see cref="ITokenizer"/>.</summary>
internal sealed record SpecialIds(int Eos, int? Pad, int? Bos);
