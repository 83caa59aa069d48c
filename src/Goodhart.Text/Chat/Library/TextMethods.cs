using System.Globalization;
using Goodhart.Text.Chat.Safety;
using Goodhart.Text.Chat.Values;

namespace Goodhart.Text.Chat.Library;

/// <summary>The methods of texts.</summary>
internal static class TextMethods
{
    public static Dictionary<string, Method> All { get; } = new(StringComparer.Ordinal)
    {
        ["strip"] = On("strip", (text, given) => Trimming.Both(text, Characters(given[0])), 0, "chars"),
        ["lstrip"] = On("lstrip", (text, given) => Trimming.Start(text, Characters(given[0])), 0, "chars"),
        ["rstrip"] = On("rstrip", (text, given) => Trimming.End(text, Characters(given[0])), 0, "chars"),
        ["upper"] = On("upper", (text, _) => text.ToUpperInvariant(), 0),
        ["lower"] = On("lower", (text, _) => text.ToLowerInvariant(), 0),
        ["capitalize"] = On("capitalize", (text, _) => Casing.Capitalize(text), 0),
        ["title"] = On("title", (text, _) => Casing.Title(text), 0),
        ["startswith"] = On("startswith", (text, given) => Affix("startswith", Part(text, given), given[0]!, Starts), 1, "prefix", "start",
            "end"),
        ["endswith"] = On("endswith", (text, given) => Affix("endswith", Part(text, given), given[0]!, Ends), 1, "suffix", "start", "end"),
        ["removeprefix"] = On("removeprefix", (text, given) => WithoutPrefix(text, Text("removeprefix", given[0])), 1, "prefix"),
        ["removesuffix"] = On("removesuffix", (text, given) => WithoutSuffix(text, Text("removesuffix", given[0])), 1, "suffix"),
        ["find"] = On("find", (text, given) => Find(text, given, (part, sought) => part.IndexOf(sought, StringComparison.Ordinal)), 1,
            "sub", "start", "end"),
        ["rfind"] = On("rfind", (text, given) => Find(text, given, (part, sought) => part.LastIndexOf(sought, StringComparison.Ordinal)), 1,
            "sub", "start", "end"),
        ["count"] = On("count", (text, given) => Count(Part(text, given), Text("count", given[0])), 1, "sub", "start", "end"),
        ["isdigit"] = On("isdigit", (text, _) => text.Length > 0 && Digits(text), 0),
        ["replace"] = (value, arguments, budget) =>
        {
            object?[] given = arguments.Bind("replace", 2, "old", "new", "count");
            return Splitting.Replace(Self(value), Text("replace", given[0]), Text("replace", given[1]), Whole(given[2], -1), budget);
        },
        ["split"] = (value, arguments, budget) => Splitting.Split(Self(value), arguments, fromEnd: false, budget),
        ["rsplit"] = (value, arguments, budget) => Splitting.Split(Self(value), arguments, fromEnd: true, budget),
        ["splitlines"] = (value, arguments, budget) =>
        {
            object?[] given = arguments.Bind("splitlines", 0, "keepends");
            return new ListValue([.. Splitting.Lines(Self(value), given[0] is object keep && Kinds.IsTrue(keep), budget)]);
        },
        ["join"] = (value, arguments, budget) => Splitting.Join(Self(value), arguments.Bind("join", 1, "iterable")[0]!, budget),
    };

    public static string Text(string method, object? value) =>
        Kinds.Text(value!) ?? throw TemplateFault.Type($"{method} takes a text, {Kinds.Named(value!)} found");

    /// <summary>Methods of a text marked safe would escape their arguments.</summary>
    public static string Self(object value) => value as string
        ?? throw TemplateFault.Unsupported($"methods of a text marked safe are not supported: use safe last");

    public static long Whole(object? value, long absent) => value is null
        ? absent
        : Number.Integer(value) ?? throw TemplateFault.Type($"an integer was expected, {Kinds.Named(value)} found");

    private static Method On(string name, Func<string, object?[], object> body, int required, params string[] parameters) =>
        (value, arguments, budget) =>
        {
            string text = Self(value);
            object?[] given = arguments.Bind(name, required, parameters);
            budget.Hold(text.Length);
            return body(text, given);
        };

    private static string? Characters(object? value) => value is null or None ? null : Text("strip", value);

    private static string Part(string text, object?[] given) => given[1] is null && given[2] is null
        ? text
        : (string)Slices.Of(text, given[1] ?? None.Value, given[2] ?? None.Value, None.Value, new Budget(text.Length));

    private static bool Affix(string method, string text, object affix, Func<string, string, bool> has) =>
        affix is ListValue { IsTuple: true } several
        ? several.Items.Any(one => has(text, Text(method, one)))
        : has(text, Text(method, affix));

    private static bool Starts(string text, string prefix) => text.StartsWith(prefix, StringComparison.Ordinal);

    private static bool Ends(string text, string suffix) => text.EndsWith(suffix, StringComparison.Ordinal);

    private static string WithoutPrefix(string text, string prefix) => Starts(text, prefix) ? text[prefix.Length..] : text;

    private static string WithoutSuffix(string text, string suffix) => Ends(text, suffix) ? text[..^suffix.Length] : text;

    private static object Find(string text, object?[] given, Func<string, string, int> search)
    {
        int skipped = 0;
        if (given[1] is object start && start is not None)
        {
            int length = CodePoints.Count(text);
            long from = Whole(start, 0);
            skipped = (int)Math.Clamp(from < 0 ? from + length : from, 0, length);
        }

        string part = Part(text, given);
        int index = search(part, Text("find", given[0]));
        return index < 0 ? -1L : (long)(skipped + CodePoints.Count(part[..index]));
    }

    private static long Count(string text, string sought)
    {
        if (sought.Length == 0)
        {
            return CodePoints.Count(text) + 1L;
        }

        long count = 0;
        for (int i = text.IndexOf(sought, StringComparison.Ordinal); i >= 0; i = text.IndexOf(
            sought, i + sought.Length, StringComparison.Ordinal))
        {
            count++;
        }

        return count;
    }

    private static bool Digits(string text)
    {
        for (int i = 0; i < text.Length; i += CodePoints.LengthAt(text, i))
        {
            if (CharUnicodeInfo.GetDigitValue(text, i) < 0)
            {
                return false;
            }
        }

        return true;
    }
}
