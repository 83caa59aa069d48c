using System.Globalization;
using System.Text;
using Goodhart.Text.Chat.Safety;

namespace Goodhart.Text.Chat.Values;

/// <summary>JSON as Python's <c>json.dumps</c> writes it: its blanks, its floats, its escapes.</summary>
/// <param name="Indent">Null for one line; else what one level is indented by, empty for line breaks alone.</param>
internal sealed record JsonWriter(
    bool EscapesNonAscii, string? Indent, string ItemSeparator, string KeySeparator, bool SortsKeys, Budget Budget)
{
    private readonly StringBuilder output = new();

    public string Write(object value)
    {
        Write(value, 0);
        return output.ToString();
    }

    private void Write(object value, int depth)
    {
        Budget.CheckDepth(depth);
        Budget.Step(8);
        int before = output.Length;
        switch (value)
        {
            case ListValue list:
                WriteAll("[", "]", [.. list.Items.Select(item => (Action)(() => Write(item, depth + 1)))], depth);
                return;
            case MapValue map:
                IEnumerable<KeyValuePair<object, object>> entries = SortsKeys
                    ? Ordering.Sorted(map.Entries, entry => entry.Key, descending: false, Budget)
                    : map.Entries;
                WriteAll("{", "}", [.. entries.Select(entry => (Action)(() => WriteEntry(entry.Key, entry.Value, depth)))], depth);
                return;
            case string text:
                WriteText(text);
                break;
            case SafeText safe:
                WriteText(safe.Text);
                break;
            case Undefined or RangeValue or MapView or Generator or NamespaceValue:
                throw TemplateFault.Type($"tojson: {Kinds.Named(value)} has no JSON");
            default:
                output.Append(Scalar(value));
                break;
        }

        Budget.Hold(output.Length - before);
    }

    private void WriteEntry(object key, object value, int depth)
    {
        WriteText(Kinds.Text(key) ?? Scalar(key));
        output.Append(KeySeparator);
        Write(value, depth + 1);
    }

    private static string Scalar(object value) => value switch
    {
        None => "null",
        bool truth => truth ? "true" : "false",
        long number => number.ToString(CultureInfo.InvariantCulture),
        double number when double.IsNaN(number) => "NaN",
        double number when double.IsInfinity(number) => number > 0 ? "Infinity" : "-Infinity",
        double number => Number.Text(number),
        _ => throw TemplateFault.Type($"tojson: {Kinds.Named(value)} has no JSON"),
    };

    private void WriteAll(string open, string close, IReadOnlyList<Action> items, int depth)
    {
        output.Append(open);
        for (int i = 0; i < items.Count; i++)
        {
            output.Append(i > 0 ? ItemSeparator : "");
            BreakLine(depth + 1);
            items[i]();
        }

        if (items.Count > 0)
        {
            BreakLine(depth);
        }

        output.Append(close);
        Budget.Hold(2 + (items.Count * (ItemSeparator.Length + (long)KeySeparator.Length)));
    }

    private void BreakLine(int depth)
    {
        if (Indent is not null)
        {
            Budget.HoldRepeated(Indent.Length, depth);
            output.Append('\n').Insert(output.Length, Indent, depth);
        }
    }

    private void WriteText(string text)
    {
        output.Append('"');
        foreach (char unit in text)
        {
            _ = unit switch
            {
                '"' => output.Append("\\\""),
                '\\' => output.Append(@"\\"),
                '\n' => output.Append(@"\n"),
                '\r' => output.Append(@"\r"),
                '\t' => output.Append(@"\t"),
                '\b' => output.Append(@"\b"),
                '\f' => output.Append(@"\f"),
                < ' ' => output.Append(CultureInfo.InvariantCulture, $"\\u{(int)unit:x4}"),
                > '~' when EscapesNonAscii => output.Append(CultureInfo.InvariantCulture, $"\\u{(int)unit:x4}"),
                _ => output.Append(unit),
            };
        }

        output.Append('"');
    }
}
