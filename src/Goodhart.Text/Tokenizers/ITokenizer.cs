namespace Goodhart.Text.Tokenizers;

/// <summary>Text to token ids and back. An implementation is immutable and may be used from several threads.</summary>
public interface ITokenizer
{
    /// <summary>Number of ids, added tokens included: 0 .. VocabularySize − 1. A model's vocabulary may be padded beyond it.</summary>
    int VocabularySize { get; }

    /// <summary>The id that ends a response.</summary>
    int EosId { get; }

    /// <summary>The id that fills unused positions in other tools' batches; null where the tokenizer names none.</summary>
    int? PadId { get; }

    /// <summary>
    /// The id that belongs before every text by the tokenizer's own rules (its post-processing template); null where nothing does, even
    /// if a token of that name exists. <see cref="Encode"/> never adds it: the caller puts it once before a prompt.
    /// </summary>
    int? BosId { get; }

    /// <summary>The ids of a text; nothing is added at either end.</summary>
    /// <exception cref="TokenizerException">The text has no encoding (a byte-level tokenizer never throws).</exception>
    int[] Encode(string text);

    /// <summary>
    /// The ids of a text that goes on after another: as <see cref="Encode"/>, but without the mark of a blank that some tokenizers put
    /// before
    /// the first word of every text.
    /// </summary>
    /// <exception cref="TokenizerException">The text has no encoding.</exception>
    int[] EncodeContinued(string text) => Encode(text);

    /// <summary>The text of a run of ids, special tokens included as they are spelled.</summary>
    /// <exception cref="TokenizerException">An id outside the vocabulary.</exception>
    string Decode(ReadOnlySpan<int> ids);

    /// <summary>Decodes one id at a time; the pieces joined are what <see cref="Decode"/> gives.</summary>
    StreamingDecoder StartDecoding();

    /// <summary>Whether an id stands for a mark such as the end of text rather than for words.</summary>
    bool IsSpecial(int id);

    /// <summary>A token as the tokenizer's file spells it (byte-level: <c>Ġ</c> for a space and so on).</summary>
    /// <exception cref="TokenizerException">An id outside the vocabulary.</exception>
    string TokenOf(int id);

    /// <summary>Writes <c>tokenizer.json</c> and <c>tokenizer_config.json</c> into a folder, as Hugging Face tools read them.</summary>
    void Save(string folder);

    /// <summary>The text of a run of ids without the special tokens.</summary>
    /// <exception cref="TokenizerException">An id outside the vocabulary.</exception>
    string DecodeWithoutSpecial(ReadOnlySpan<int> ids)
    {
        int[] kept = ids.ToArray();
        return Decode(Array.FindAll(kept, id => !IsSpecial(id)));
    }
}
