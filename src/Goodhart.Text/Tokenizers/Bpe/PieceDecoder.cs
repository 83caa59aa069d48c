using System.Globalization;
using System.Text;

namespace Goodhart.Text.Tokenizers.Bpe;

/// <summary>
/// Tokens in SentencePiece's manner: a mark stands for a space, and byte tokens in a row are the characters that had no token. As in the
/// original, a row that is no UTF-8 as a whole becomes one U+FFFD for each of its bytes.
/// </summary>
internal sealed class PieceDecoder : ITextDecoder
{
    private readonly Vocabulary vocabulary;
    private readonly PieceDecoderOptions options;
    private readonly string[] texts;
    private readonly short[] bytes;

    public PieceDecoder(Vocabulary vocabulary, PieceDecoderOptions options)
    {
        (this.vocabulary, this.options) = (vocabulary, options);
        texts = [.. vocabulary.Tokens.Select(token => options.Replacements.Aggregate(
            token ?? "", (text, pair) => text.Replace(pair.Old, pair.New, StringComparison.Ordinal)))];
        bytes = [.. texts.Select(text => options.ReadsBytes ? ByteOf(text) : (short)-1)];
    }

    public string Decode(ReadOnlySpan<int> ids)
    {
        StringBuilder text = new(ids.Length * 4);
        StreamingDecoder decoder = Start();
        foreach (int id in ids)
        {
            text.Append(decoder.Next(id));
        }

        return text.Append(decoder.End()).ToString();
    }

    public StreamingDecoder Start() => new PieceByPiece(this);

    private static short ByteOf(string token) => token.Length == 6 && token.StartsWith("<0x", StringComparison.Ordinal) && token[5] == '>'
        && byte.TryParse(token.AsSpan(3, 2), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out byte value) ? value : (
            short)-1;

    private sealed class PieceByPiece(PieceDecoder owner) : StreamingDecoder
    {
        private static readonly UTF8Encoding Strict = new(false, throwOnInvalidBytes: true);

        private readonly List<byte> pending = [];
        private int count;
        private int spacesToStrip = owner.options.StrippedSpaces;

        public override string Next(int id)
        {
            owner.vocabulary.Check(id, count);
            bool isFirst = count++ == 0;
            if (owner.bytes[id] >= 0)
            {
                pending.Add((byte)owner.bytes[id]);
                return "";
            }

            string text = isFirst && owner.options.DropsMarksOfFirst is char mark
                ? owner.vocabulary.TokenOf(id, 0).Replace(mark.ToString(), "", StringComparison.Ordinal)
                : owner.texts[id];
            return Stripped(Characters() + text);
        }

        public override string End()
        {
            string text = Stripped(Characters());
            (count, spacesToStrip) = (0, owner.options.StrippedSpaces);
            return text;
        }

        private string Characters()
        {
            if (pending.Count == 0)
            {
                return "";
            }

            byte[] run = [.. pending];
            pending.Clear();
            try
            {
                return Strict.GetString(run);
            }
            catch (DecoderFallbackException)
            {
                return new('\uFFFD', run.Length);
            }
        }

        /// <summary>Takes the first spaces of the whole text away.</summary>
        private string Stripped(string text)
        {
            int stripped = 0;
            while (stripped < text.Length && spacesToStrip > 0 && text[stripped] == ' ')
            {
                stripped++;
                spacesToStrip--;
            }

            spacesToStrip = stripped < text.Length ? 0 : spacesToStrip;
            return text[stripped..];
        }
    }
}

/// <param name="Replacements">Done in every token, in this order.</param>
/// <param name="ReadsBytes">Tokens such as &lt;0x0A&gt; are bytes.</param>
/// <param name="StrippedSpaces">How many spaces at the start of a text go.</param>
/// <param name="DropsMarksOfFirst">The mark that goes wherever it stands in the first token; null where it does not.</param>
internal sealed record PieceDecoderOptions(
    IReadOnlyList<(string Old, string New)> Replacements, bool ReadsBytes, int StrippedSpaces, char? DropsMarksOfFirst);
