using System.Text;

namespace Goodhart.Text.Chat.Values;

/// <summary>Texts count in code points: a .NET text counts those beyond U+FFFF twice.</summary>
internal static class CodePoints
{
    private static readonly string[] Latin = [.. Enumerable.Range(0, 256).Select(code => ((char)code).ToString())];

    public static int Count(string text)
    {
        int count = text.Length;
        for (int i = text.AsSpan().IndexOfAnyInRange('\uD800', '\uDBFF'); i >= 0 && i + 1 < text.Length; i++)
        {
            if (char.IsSurrogatePair(text[i], text[i + 1]))
            {
                count--;
                i++;
            }
        }

        return count;
    }

    /// <summary>Each code point as a text of its own.</summary>
    public static IEnumerable<object> Split(string text)
    {
        for (int i = 0; i < text.Length;)
        {
            int length = LengthAt(text, i);
            yield return length == 1 && text[i] < Latin.Length ? Latin[text[i]] : text.Substring(i, length);
            i += length;
        }
    }

    /// <summary>Where a code point starts, in UTF-16 units; both counts from the front.</summary>
    public static int Offset(string text, int codePoint)
    {
        if (text.AsSpan().IndexOfAnyInRange('\uD800', '\uDBFF') < 0)
        {
            return codePoint;
        }

        int offset = 0;
        for (int i = 0; i < codePoint && offset < text.Length; i++)
        {
            offset += LengthAt(text, offset);
        }

        return offset;
    }

    public static string At(string text, int codePoint)
    {
        int offset = Offset(text, codePoint);
        return text.Substring(offset, LengthAt(text, offset));
    }

    /// <summary>Some of the code points, in a given order.</summary>
    public static string Pick(string text, IEnumerable<int> indices)
    {
        List<object> points = [.. Split(text)];
        StringBuilder picked = new();
        foreach (int index in indices)
        {
            picked.Append((string)points[index]);
        }

        return picked.ToString();
    }

    public static int LengthAt(string text, int offset) =>
        offset + 1 < text.Length && char.IsSurrogatePair(text[offset], text[offset + 1]) ? 2 : 1;
}
