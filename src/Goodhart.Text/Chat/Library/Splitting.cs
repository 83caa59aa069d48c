using System.Text;
using Goodhart.Text.Chat.Safety;
using Goodhart.Text.Chat.Values;

namespace Goodhart.Text.Chat.Library;

/// <summary>Texts cut into pieces and put together again.</summary>
internal static class Splitting
{
    public static ListValue Split(string text, Arguments arguments, bool fromEnd, Budget budget)
    {
        object?[] given = arguments.Bind("split", 0, "sep", "maxsplit");
        long most = TextMethods.Whole(given[1], -1);
        string? separator = given[0] is null or None ? null : TextMethods.Text("split", given[0]);
        if (separator is { Length: 0 })
        {
            throw TemplateFault.Value($"split: the separator is empty");
        }

        budget.Hold(text.Length);
        List<object> pieces = separator is null ? Words(text, most, fromEnd) : Pieces(text, separator, most, fromEnd);
        budget.Step(4L * pieces.Count);
        return new(pieces);
    }

    public static string Replace(string text, string old, string replacement, long most, Budget budget)
    {
        budget.Hold(text.Length);
        most = most < 0 ? long.MaxValue : most;
        StringBuilder replaced = new();
        int from = 0;
        for (int at = Next(text, old, 0); at >= 0 && most > 0; most--)
        {
            budget.Hold(replacement.Length);
            replaced.Append(text, from, at - from).Append(replacement);
            from = at + old.Length;
            if (old.Length > 0)
            {
                at = Next(text, old, from);
            }
            else if (at < text.Length)
            {
                int length = CodePoints.LengthAt(text, at);
                replaced.Append(text, at, length);
                at = from = at + length;
            }
            else
            {
                break;
            }
        }

        return replaced.Append(text, from, text.Length - from).ToString();
    }

    /// <summary>Lines without their ends, or with them; no empty line behind the last end.</summary>
    public static IEnumerable<string> Lines(string text, bool keepsEnds, Budget budget)
    {
        budget.Hold(text.Length);
        for (int start = 0; start < text.Length;)
        {
            budget.Step();
            int end = start;
            while (end < text.Length && !EndsLine(text[end]))
            {
                end++;
            }

            int next = end == text.Length ? end : text.AsSpan(end).StartsWith("\r\n") ? end + 2 : end + 1;
            yield return text[start..(keepsEnds ? next : end)];
            start = next;
        }
    }

    public static string Join(string separator, object items, Budget budget)
    {
        List<string> texts = [];
        foreach (object item in Kinds.Iterate(items, budget))
        {
            texts.Add(TextMethods.Text("join", item));
            budget.Hold(texts[^1].Length + (long)separator.Length);
        }

        return string.Join(separator, texts);
    }

    private static int Next(string text, string sought, int from) => text.IndexOf(sought, from, StringComparison.Ordinal);

    private static bool EndsLine(char unit) =>
        unit is >= '\n' and <= '\r' or >= '\u001C' and <= '\u001E' or '\u0085' or '\u2028' or '\u2029';

    private static List<object> Pieces(string text, string separator, long most, bool fromEnd)
    {
        List<int> cuts = [];
        if (fromEnd)
        {
            for (int end = text.Length; most != cuts.Count && end >= separator.Length;)
            {
                int at = text[..end].LastIndexOf(separator, StringComparison.Ordinal);
                if (at < 0)
                {
                    break;
                }

                cuts.Add(at);
                end = at;
            }

            cuts.Reverse();
        }
        else
        {
            for (int at = Next(text, separator, 0); at >= 0 && most != cuts.Count; at = Next(text, separator, at + separator.Length))
            {
                cuts.Add(at);
            }
        }

        List<object> pieces = [];
        int start = 0;
        foreach (int cut in cuts)
        {
            pieces.Add(text[start..cut]);
            start = cut + separator.Length;
        }

        pieces.Add(text[start..]);
        return pieces;
    }

    private static List<object> Words(string text, long most, bool fromEnd)
    {
        List<Range> words = [];
        for (int start = 0; start < text.Length;)
        {
            int end = start;
            while (end < text.Length && !WhiteSpace.Is(text[end]))
            {
                end++;
            }

            if (end > start)
            {
                words.Add(start..end);
            }

            start = end + 1;
        }

        if (most < 0 || most + 1 >= words.Count)
        {
            return [.. words.Select(word => text[word])];
        }

        int kept = (int)most;
        return fromEnd
            ? [Trimming.Start(text[..words[^(kept + 1)].End.Value], null), .. words[(words.Count - kept)..].Select(word => text[word])]
            : [.. words[..kept].Select(word => text[word]), text[words[kept].Start..]];
    }
}
