using Goodhart.Text.Tokenizers;

namespace Goodhart.Text.Tests.Truncation;

/// <summary>A character is a token, its code the id; '|' is EOS and '^' BOS.</summary>
internal sealed class FixedTokenizer(bool hasBos = false) : ITokenizer
{
    public const char Eos = '|';
    public const char Bos = '^';

    public int VocabularySize => char.MaxValue + 1;

    public int EosId => Eos;

    public int? PadId => null;

    public int? BosId => hasBos ? Bos : null;

    public int[] Encode(string text) => [.. text.Select(c => (int)c)];

    public string Decode(ReadOnlySpan<int> ids) => string.Concat(ids.ToArray().Select(id => (char)id));

    public StreamingDecoder StartDecoding() => throw new NotSupportedException();

    public bool IsSpecial(int id) => id is Eos or Bos;

    public string TokenOf(int id) => ((char)id).ToString();

    public void Save(string folder) => throw new NotSupportedException();
}
