namespace Goodhart.Text.Tokenizers.Bpe;

/// <summary>
/// Byte-pair encoding: byte-level, as in GPT-2, GPT-NeoX and Pythia, Llama 3 and Qwen, or of characters with bytes for those that have no
/// token, as in Llama 2, Mistral and Gemma. Any string has an encoding; lone surrogates count as U+FFFD. Text that spells a special token
/// becomes that token. Decoding gives the normalised text back; bytes that are no UTF-8, such
/// as a response cut inside a character, become U+FFFD.
/// </summary>
public sealed class BpeTokenizer : ITokenizer
{
    private readonly Pipeline pipeline;
    private readonly Vocabulary vocabulary;
    private readonly ITextDecoder decoder;
    private readonly IReadOnlyDictionary<string, byte[]> files;

    internal BpeTokenizer(
        Pipeline pipeline, Vocabulary vocabulary, ITextDecoder decoder, SpecialIds special, IReadOnlyDictionary<string, byte[]> files)
    {
        this.pipeline = pipeline;
        this.vocabulary = vocabulary;
        this.decoder = decoder;
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
        pipeline.Encode(text, continues: false, ids);
        return [.. ids];
    }

    public int[] EncodeContinued(string text)
    {
        List<int> ids = new((text.Length / 3) + 8);
        pipeline.Encode(text, continues: true, ids);
        return [.. ids];
    }

    public string Decode(ReadOnlySpan<int> ids) => decoder.Decode(ids);

    public StreamingDecoder StartDecoding() => decoder.Start();

    public bool IsSpecial(int id) => vocabulary.IsSpecial(id);

    public string TokenOf(int id) => vocabulary.TokenOf(id, 0);

    /// <summary>Writes the files that were read, byte for byte.</summary>
    public void Save(string folder) => FileSet.Write(folder, files);
}

/// <summary>The ids with a role; see <see cref="ITokenizer"/>.</summary>
internal sealed record SpecialIds(int Eos, int? Pad, int? Bos);
