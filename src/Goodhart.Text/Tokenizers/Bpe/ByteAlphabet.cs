using System.Text;

namespace Goodhart.Text.Tokenizers.Bpe;

/// <summary>
/// GPT-2's spelling of bytes as printable characters, in which byte-level vocabularies are written: printable Latin-1 stands for itself,
/// the other 68 bytes for U+0100 and up, in order (a space is <c>Ġ</c>).
/// </summary>
internal static class ByteAlphabet
{
    private static readonly char[] Characters = new char[256];
    private static readonly short[] Bytes = new short[0x144];

    static ByteAlphabet()
    {
        Array.Fill(Bytes, (short)-1);
        int unprintable = 0x100;
        for (int value = 0; value < 256; value++)
        {
            bool printable = value is >= 0x21 and <= 0x7E or >= 0xA1 and <= 0xAC or >= 0xAE;
            Characters[value] = (char)(printable ? value : unprintable++);
            Bytes[Characters[value]] = (short)value;
        }
    }

    public static char CharacterOf(byte value) => Characters[value];

    /// <summary>
    /// The bytes of a token. A token with any character outside the alphabet (an added token holding a space, say) is plain text: its
    /// UTF-8. That is what the original decoder does.
    /// </summary>
    public static byte[] BytesOf(string token)
    {
        byte[] bytes = new byte[token.Length];
        for (int i = 0; i < token.Length; i++)
        {
            int value = token[i] < Bytes.Length ? Bytes[token[i]] : -1;
            if (value < 0)
            {
                return Encoding.UTF8.GetBytes(token);
            }

            bytes[i] = (byte)value;
        }

        return bytes;
    }

    /// <summary>Whether a byte can occur in UTF-8 at all: 0xC0, 0xC1 and 0xF5 up cannot, and vocabularies often lack them.</summary>
    public static bool OccursInUtf8(byte value) => value is not (0xC0 or 0xC1 or >= 0xF5);
}
