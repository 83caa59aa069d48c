using Goodhart.Text.Chat.Safety;
using Goodhart.Text.Chat.Values;

namespace Goodhart.Text.Chat.Library;

/// <summary>Filters that make text of what they are given.</summary>
internal static class TextFilters
{
    public static Dictionary<string, Filter> All { get; } = new(StringComparer.Ordinal)
    {
        ["upper"] = OnText("upper", text => text.ToUpperInvariant()),
        ["lower"] = OnText("lower", text => text.ToLowerInvariant()),
        ["capitalize"] = OnText("capitalize", Casing.Capitalize),
        ["title"] = OnText("title", Casing.TitleOfWords),
        ["string"] = (value, arguments, budget) => value is SafeText ? value : OnText("string", text => text)(value, arguments, budget),
        ["safe"] = (value, arguments, budget) => new SafeText((string)OnText("safe", text => text)(value, arguments, budget)),
        ["trim"] = (value, arguments, budget) =>
        {
            object? characters = arguments.Bind("trim", 0, "chars")[0];
            string text = Printed.Of(value, budget);
            budget.Hold(text.Length);
            return Trimming.Both(text, characters is null or None ? null : TextMethods.Text("trim", characters));
        },
        ["replace"] = (value, arguments, budget) =>
        {
            object?[] given = arguments.Bind("replace", 2, "old", "new", "count");
            long most = given[2] is None ? -1 : TextMethods.Whole(given[2], -1);
            return Splitting.Replace(
                Printed.Of(value, budget), Printed.Of(given[0]!, budget), Printed.Of(given[1]!, budget), most, budget);
        },
        ["join"] = (value, arguments, budget) =>
        {
            object?[] given = arguments.Bind("join", 0, "d", "attribute");
            List<string> texts = [];
            string separator = given[0] is null ? "" : Printed.Of(given[0]!, budget);
            foreach (object item in Kinds.Iterate(value, budget))
            {
                object part = given[1] is null or None ? item : Lookup.Path(item, given[1]!, budget);
                texts.Add(Printed.Of(part, budget));
                budget.Hold(texts[^1].Length + (long)separator.Length);
            }

            return string.Join(separator, texts);
        },
        ["indent"] = (value, arguments, budget) =>
        {
            object?[] given = arguments.Bind("indent", 0, "width", "first", "blank");
            return Indent(TextMethods.Text("indent", value), Width(given[0] ?? 4L), IsSet(given[1]), IsSet(given[2]), budget);
        },
        ["tojson"] = (value, arguments, budget) =>
        {
            object?[] given = arguments.Bind("tojson", 0, "ensure_ascii", "indent", "separators", "sort_keys");
            string? indent = given[1] is null or None ? null : Width(given[1]!);
            List<object> separators = given[2] is null or None
                ? [indent is null ? ", " : ",", ": "]
                : Kinds.ToList(given[2]!, budget);
            return separators.Count != 2
                ? throw TemplateFault.Value($"tojson: two separators were expected, {separators.Count} found")
                : new JsonWriter(
                    IsSet(given[0]), indent, TextMethods.Text("tojson", separators[0]), TextMethods.Text("tojson", separators[1]),
                    IsSet(given[3]), budget)
                    .Write(value);
        },
    };

    private static Filter OnText(string name, Func<string, string> change) => (value, arguments, budget) =>
    {
        arguments.ExpectNone(name);
        string text = Printed.Of(value, budget);
        budget.Hold(text.Length);
        return change(text);
    };

    private static bool IsSet(object? flag) => flag is not null && Kinds.IsTrue(flag);

    /// <summary>A number of blanks, or the text itself.</summary>
    private static string Width(object width)
    {
        if (Kinds.Text(width) is string text)
        {
            return text;
        }

        long count = TextMethods.Whole(width, 0);
        return count <= 1 << 16
            ? new(' ', (int)Math.Max(count, 0))
            : throw TemplateFault.Limit($"an indent of {count} characters, at most {1 << 16} are allowed: stopped");
    }

    private static string Indent(string text, string width, bool first, bool blank, Budget budget)
    {
        string[] lines = [.. Splitting.Lines(text + "\n", keepsEnds: false, budget)];
        budget.HoldRepeated(width.Length + 1, lines.Length);
        for (int i = 0; i < lines.Length; i++)
        {
            lines[i] = (i == 0 ? first : blank || lines[i].Length > 0) ? width + lines[i] : lines[i];
        }

        return string.Join('\n', lines);
    }
}
