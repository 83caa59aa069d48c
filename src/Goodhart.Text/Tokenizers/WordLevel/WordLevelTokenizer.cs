using System.Globalization;

namespace Goodhart.Text.Tokenizers;

/// <summary>
/// One id per word, words being separated by white space: Hugging Face's <c>WordLevel</c> model behind the <c>WhitespaceSplit</c>
/// pre-tokenizer, without an unknown token. An unknown word is an error, since a silent substitute would train on another text.
/// </summary>
public sealed class WordLevelTokenizer : ITokenizer
{
    private readonly string[] words;
    private readonly Dictionary<string, int> ids;

    /// <param name="vocabulary">The words; a word's place is its id.</param>
    /// <param name="eos">The word that ends a response.</param>
    /// <param name="pad">The padding word, or null.</param>
    public WordLevelTokenizer(IReadOnlyList<string> vocabulary, string eos, string? pad)
    {
        words = [.. vocabulary];
        ids = new(words.Length, StringComparer.Ordinal);
        for (int id = 0; id < words.Length; id++)
        {
            Add(words[id], id);
        }

        EosId = Required(eos, "end-of-text");
        PadId = pad is null ? null : Required(pad, "padding");
    }

    public IReadOnlyList<string> Vocabulary => words;

    public int VocabularySize => words.Length;

    public int EosId { get; }

    public int? PadId { get; }

    /// <summary>Nothing: a word-level text starts with its first word.</summary>
    public int? BosId => null;

    /// <summary>Reads a folder's <c>tokenizer.json</c>, and which words end and pad from its <c>tokenizer_config.json</c>.</summary>
    /// <exception cref="TokenizerException">A missing or malformed file, or a tokenizer of another kind.</exception>
    public static WordLevelTokenizer Load(string folder)
    {
        TokenizerFolder files = TokenizerFolder.Open(folder);
        return files.Read(root => WordLevelReader.Read(root, files));
    }

    public void Save(string folder) => WordLevelWriter.Write(this, folder);

    public int[] Encode(string text)
    {
        List<int> encoded = new(text.Length / 5);
        Dictionary<string, int>.AlternateLookup<ReadOnlySpan<char>> lookup = ids.GetAlternateLookup<ReadOnlySpan<char>>();
        int start = 0;
        while (true)
        {
            while (start < text.Length && char.IsWhiteSpace(text[start]))
            {
                start++;
            }

            if (start == text.Length)
            {
                return [.. encoded];
            }

            int end = start;
            while (end < text.Length && !char.IsWhiteSpace(text[end]))
            {
                end++;
            }

            ReadOnlySpan<char> word = text.AsSpan(start, end - start);
            encoded.Add(lookup.TryGetValue(word, out int id) ? id : throw Unknown(word, encoded.Count, start));
            start = end;
        }
    }

    public string Decode(ReadOnlySpan<int> ids)
    {
        string[] spelled = new string[ids.Length];
        for (int i = 0; i < ids.Length; i++)
        {
            spelled[i] = Word(ids[i], i);
        }

        return string.Join(' ', spelled);
    }

    public StreamingDecoder StartDecoding() => new WordByWord(this);

    public bool IsSpecial(int id) => id == EosId || id == PadId;

    public string TokenOf(int id) => Word(id, 0);

    private string Word(int id, int position) => (uint)id < (uint)words.Length
        ? words[id]
        : throw new TokenizerException(string.Create(
            CultureInfo.InvariantCulture, $"decode: id {id} at position {position} is outside the vocabulary of {words.Length} words."));

    private static TokenizerException Unknown(ReadOnlySpan<char> word, int index, int offset)
    {
        string shown = word.Length <= 60 ? word.ToString() : $"{word[..60]}…";
        return new(string.Create(
            CultureInfo.InvariantCulture,
            $"encode: unknown word '{shown}' (word {index + 1}, character {offset + 1}). A word-level tokenizer knows only its own " +
            $"words: check that the text was written for this model, with spaces around punctuation."));
    }

    private void Add(string word, int id)
    {
        if (word.Length == 0 || word.Any(char.IsWhiteSpace))
        {
            throw new TokenizerException(string.Create(
                CultureInfo.InvariantCulture, $"vocabulary: word {id} is '{word}', expected a word without white space."));
        }

        if (!ids.TryAdd(word, id))
        {
            throw new TokenizerException(string.Create(
                CultureInfo.InvariantCulture, $"vocabulary: '{word}' has the ids {ids[word]} and {id}, expected one."));
        }
    }

    private int Required(string word, string role) => ids.TryGetValue(word, out int id)
        ? id
        : throw new TokenizerException($"vocabulary: the {role} word '{word}' is not in it.");

    private sealed class WordByWord(WordLevelTokenizer tokenizer) : StreamingDecoder
    {
        private int count;

        public override string Next(int id)
        {
            string word = tokenizer.Word(id, count);
            return count++ == 0 ? word : $" {word}";
        }

        public override string End()
        {
            count = 0;
            return "";
        }
    }
}
